"""What happens to bundles. Bodies of verbs: the case is locked, the rules have been asked; a kind registers them under its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from cases import approvals
from cases.bundles import beside, making, plan
from cases.bundles.models import Binding, Bundle, Halt, Release
from cases.bundles.profiles import PROFILES
from cases.evidence import custody
from cases.evidence.models import Item
from cases.models import Approval, Case
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.rules import power_of
from jike import ledger
from jike.base import rows
from jike.base.actors import Actor
from jike.base.ids import code_from, uuid7
from jike.files.models import StoredFile
from jike.privacy import blind_index

BETWEEN = "："
"""Stands between the receiver and the document code in the reason of custody."""


def build(case: Case, *, actor: Actor, now: datetime, profile: str, without: Sequence[Item] = ()) -> None:
    """Seal what goes into a bundle and queue its making; other inputs than before make the next version.

    A bundle whose making was halted or given up is tried again as it is. Source: EVID2019 art 19.
    """
    known = PROFILES[profile]
    manifest = plan.manifest_of(
        case, known, plan.rows_for(case, known, without=[item.pk for item in without]), lock=True
    )
    digest = plan.sha256_of(manifest)
    bundle = Bundle.objects.filter(case_id=case.pk, profile=profile, manifest_sha256=digest).first()
    if bundle is None:
        bundle = _new(case, profile, manifest, digest, actor=actor, now=now)
        case.forget("known_bundles", holding="bundles")
    making.ask(bundle, attempt=case.version, now=now)
    case.tell(bundle=str(bundle.pk), profile=profile, bundle_version=bundle.version, manifest=digest.hex())


def _new(
    case: Case, profile: str, manifest: dict[str, object], digest: bytes, *, actor: Actor, now: datetime
) -> Bundle:
    last = Bundle.objects.filter(case_id=case.pk, profile=profile).aggregate(last=Max("version"))["last"] or 0
    bundle = Bundle(
        id=uuid7(),
        case_id=case.pk,
        profile=profile,
        version=last + 1,
        manifest=ledger.canonical(manifest).decode(),
        manifest_sha256=digest,
        items=len(manifest["items"]),  # type: ignore[arg-type]
        beside=beside.ids_of(manifest),
        asked_by_kind=actor.kind,
        asked_by_id=actor.id,
        asked_by_person=actor.person,
        asked_at=now,
    )
    bundle.code = code_from(blind_index("document", f"bundle|{bundle.pk}"))
    rows.insert(bundle)
    return bundle


def issue(
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    bundle: Bundle,
    document: StoredFile,
    package: StoredFile,
    pages: int,
    is_signed: bool,
    notes: Sequence[str],
    opened: Sequence[Item],
) -> None:
    """A bundle is finished. `opened` are the items whose original was copied into the package: that is part of their custody."""
    Binding.objects.create(
        bundle=bundle, case_id=case.pk, document=document, package=package, pages=pages, is_signed=is_signed, notes=list(notes), bound_at=now
    )  # fmt: skip
    for item in opened:
        custody.record(
            item.attachment, custody.Act.COPIED, actor=actor, reason=f"{bundle.profile} v{bundle.version}", now=now
        )
    hashes = {"sha256": bytes(document.sha256).hex(), "package_sha256": bytes(package.sha256).hex()}
    case.tell(bundle=str(bundle.pk), pages=pages, **hashes)


def halt(case: Case, *, actor: Actor, now: datetime, bundle: Bundle, code: str, label: str = "") -> None:
    """Making stopped: an original is not what was sealed, or the pages cannot be bound. The handler and the supervisors are told at once.

    Source: house evidence integrity.
    """
    Halt.objects.create(bundle=bundle, code=code, label=label, at=now)
    case.tell(bundle=str(bundle.pk), halted=code, item=label)
    people = People([case.unit_id], [case.assignee_id])
    told = {
        user.pk: user for user in (*people.handler(case.assignee_id, case.unit_id), *people.supervisors(case.unit_id))
    }
    tell_about(case, told.values(), "bundle.halted", key=f"halted:{bundle.pk}:{case.version}", now=now, item=label)


def ask_release(case: Case, *, actor: Actor, now: datetime, bundle: Bundle) -> None:
    """Ask a second person to let a bundle out. The vote is bound to the hash of its document. Source: house four eyes."""
    request: approvals.Request = {
        "profile": bundle.profile,
        "bundle": str(bundle.pk),
        "document": bundle.code,
        "sha256": bytes(bundle.binding.document.sha256).hex(),
    }
    approvals.ask(case, power_of(case, "release_bundle"), actor=actor, now=now, request=request)
    case.tell(bundle=str(bundle.pk))


def release(case: Case, *, actor: Actor, now: datetime, verdict: str, payload: str, reason: str = "") -> None:
    """Let a bundle out, or return it with a reason. Source: house four eyes."""
    approval = approvals.vote(case, power_of(case, "release_bundle"), verdict, actor=actor, now=now, reason=reason)
    bundle = approvals.request_of(approval)["bundle"]
    case.tell(bundle=bundle)
    if verdict == Approval.Verdict.APPROVED:
        Release.objects.create(
            bundle_id=bundle, case_id=case.pk, approval=approval, asked_by_person=approval.maker_person, released_by_person=actor.human, released_at=now
        )  # fmt: skip


def hand_out(case: Case, *, actor: Actor, now: datetime, bundle: Bundle, to: str) -> None:
    """A bundle goes to somebody: written into the custody of every paper in it before the first byte leaves."""
    export(bundle, actor=actor, to=to.strip(), now=now)
    case.tell(bundle=str(bundle.pk), code=bundle.code)


@transaction.atomic
def export(bundle: Bundle, *, actor: Actor, to: str, now: datetime) -> None:
    """That a bundle leaves becomes part of the custody of every paper in it."""
    for paper in plan.papers_of(bundle):
        custody.record(paper, custody.Act.EXPORTED, actor=actor, reason=f"{to}{BETWEEN}{bundle.code}", now=now)
