"""Packs for an authority: asked for, made by a worker, let out by a second person, handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.evidence.models import Item
from cases.models import Approval
from cases.police import manifest as content
from cases.police.models import Pack, PackFile, PackRelease, PackTaking, PoliceReport, Statement
from cases.police.rules import packs as rules
from jike import ledger
from jike.base.actors import Actor
from jike.base.ids import code_from, uuid7
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.privacy import blind_index, open_sealed
from jike.verbs import verb

BUILD_TOPIC = "police.build_pack"


@verb(
    PoliceReport,
    "police.build_pack",
    label=_("Make a pack for an authority"),
    blockers=rules.blockers_to_build,
    category="document",
)
def build_pack(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    recipient: str,
    basis: str,
    reference: str,
    purpose: str,
    items: Sequence[Item] = (),
) -> None:
    """Statement, losses and list of papers for one authority, with the legal basis and the purpose on record; a worker makes the document.

    The originals stay where they are: the list names them by hash. Source: PIPL art 23, PIPL art 29, house R55.
    """
    statement = cast(Statement, case.known_statement)
    seq = len(case.known_packs) + 1
    said = {"recipient": recipient.strip(), "basis": basis, "reference": reference.strip(), "purpose": purpose.strip()}
    manifest = content.manifest_of(case, statement, list(items), seq=seq, said=said)
    pack = Pack(
        id=uuid7(),
        case_id=case.pk,
        seq=seq,
        statement=statement,
        manifest=ledger.canonical(manifest).decode(),
        manifest_sha256=content.sha256_of(manifest),
        items=len(manifest["papers"]),
        asked_by=cast(UUID, actor.id),
        asked_by_person=cast(UUID, actor.person),
        asked_at=now,
        **said,
    )
    pack.code = code_from(blind_index("document", f"police pack|{pack.pk}"))
    pack.save(force_insert=True)
    case.forget("known_packs", holding="packs")
    jobs.post(BUILD_TOPIC, key=f"{BUILD_TOPIC}:{pack.pk}", body={"pack": str(pack.pk)}, subject=case.pk, now=now)
    case.tell(pack=str(pack.pk), seq=seq, basis=basis, manifest=bytes(pack.manifest_sha256).hex())


@verb(
    PoliceReport,
    "police.issue_pack",
    label=_("Pack for an authority finished"),
    blockers=rules.blockers_to_issue,
    category="document",
    by_hand=False,
)
def issue_pack(case: PoliceReport, *, actor: Actor, now: datetime, pack: Pack, file: StoredFile, pages: int) -> None:
    """The document of a pack is made."""
    PackFile.objects.create(pack=pack, case_id=case.pk, file=file, pages=pages, made_at=now)
    case.forget("known_packs")
    case.tell(pack=str(pack.pk), pages=pages, pack_sha256=bytes(file.sha256).hex())


@verb(
    PoliceReport,
    "police.ask_pack_release",
    label=_("Ask for the release of a pack"),
    blockers=rules.blockers_to_ask_release,
    category="document",
)
def ask_pack_release(case: PoliceReport, *, actor: Actor, now: datetime, pack: Pack) -> None:
    """Ask a second person to let a pack out. The vote is bound to the hash of its document. Source: house four eyes."""
    request: approvals.Request = {
        "pack": str(pack.pk),
        "recipient": pack.recipient,
        "basis": pack.basis,
        "reference": open_sealed(pack, "reference"),
        "purpose": open_sealed(pack, "purpose"),
        "document": pack.code,
        "sha256": bytes(pack.made.file.sha256).hex(),
    }
    approvals.ask(case, "police.release_pack", actor=actor, now=now, request=request)
    case.tell(pack=str(pack.pk))


@verb(
    PoliceReport,
    "police.release_pack",
    label=_("Let a pack out to the authority"),
    blockers=rules.blockers_to_release,
    category="document",
)
def release_pack(
    case: PoliceReport, *, actor: Actor, now: datetime, verdict: str, payload: str, reason: str = ""
) -> None:
    """A second person lets the pack out, or returns it with a reason. Source: house four eyes."""
    approval = approvals.vote(case, "police.release_pack", verdict, actor=actor, now=now, reason=reason)
    pack = str(approvals.request_of(approval)["pack"])
    case.tell(pack=pack)
    if verdict == Approval.Verdict.APPROVED:
        PackRelease.objects.create(
            pack_id=UUID(pack), case_id=case.pk, approval=approval, asked_by_person=approval.maker_person, released_by_person=actor.human, released_at=now
        )  # fmt: skip
        case.forget("known_packs")


@verb(
    PoliceReport,
    "police.hand_out_pack",
    label=_("Hand over a pack"),
    blockers=rules.blockers_to_hand_out,
    category="document",
    by_hand=False,  # the file goes with it: its own page
)
def hand_out_pack(case: PoliceReport, *, actor: Actor, now: datetime, pack: Pack, given_to: str) -> None:
    """A released pack leaves: into whose hands is written down before the first byte. Source: house R55."""
    PackTaking(
        id=uuid7(),
        pack=pack,
        case_id=case.pk,
        given_to=given_to.strip(),
        taken_by=cast(UUID, actor.id),
        taken_by_label=actor.label,
        taken_at=now,
    ).save(force_insert=True)
    case.forget("known_packs")
    case.tell(pack=str(pack.pk), code=pack.code)
