"""Files of a mediation as each side sees them: what the merchant handed in, and the copies that staff released to a side.

No side ever gets a paper of the other: only a copy of its pages, once a person has said what is covered for this audience. Its name is the
number in the register; what a paper was called by whoever brought it may name people. Source: house audiences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.datastructures import MultiValueDict

from cases.attachments import receiving
from cases.attachments.handing import RefusedPaper, refused_paper, uploads_in
from cases.attachments.queries import standings_under
from cases.attachments.standing import Standing
from cases.copies.queries import Copy, copies_for
from cases.evidence.models import Item
from cases.mediation import actions
from cases.mediation.models import Fact, Mediation
from cases.mediation.queries import takes_part
from cases.mediation.rules.exhibits import FACT_UNKNOWN, paper_case
from cases.queries import NotVisible
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused, refuse_if
from jike.files import store
from jike.privacy import open_sealed
from jike.verbs import verb_named
from jike.web.downloads import SensitiveStream


@dataclass(frozen=True, slots=True)
class Handed:
    """One file of the merchant as the merchant and the staff see it. `fact` is the number of the fact it is evidence for, or None."""

    paper: UUID
    name: str
    size: int
    fact: int | None
    at: datetime
    standing: Standing


@dataclass(frozen=True, slots=True)
class Shared:
    """A copy that was released to one side: the number of its item in the register, and how many pages it has."""

    paper: UUID
    label: str
    copy: Copy


def handed_in(case: Mediation) -> list[Handed]:
    """What the merchant handed in, oldest first. The caller knows that whoever reads is the merchant or sees the whole case."""
    rows = list(case.exhibits.select_related("fact", "attachment__file").order_by("added_at", "id"))
    standings = standings_under(case.origin_id) if rows else {}
    return [
        Handed(
            row.attachment_id,
            open_sealed(row, "name"),
            row.attachment.file.size,
            row.fact.seq if row.fact else None,
            row.added_at,
            standings[row.attachment_id],
        )
        for row in rows
    ]


def shared_with(case: Mediation, actor: Actor, *, now: datetime) -> list[Shared]:
    """Copies of the other papers of the matter that were released to the side of `actor`, in the order of the register.

    Nothing where the case it came from is about another merchant by now. Raises `NotVisible` for whoever takes no part.
    """
    if not takes_part(case, actor, now=now):
        raise NotVisible(case.number)
    if case.origin.merchant_id != case.merchant_id:
        return []
    items = Item.objects.filter(case_id=case.origin_id, superseded=None)
    items = items.exclude(attachment__added_by_kind=actor.kind).order_by("number", "late")
    if actor.kind == "merchant":
        items = items.exclude(attachment__in=case.exhibits.values("attachment"))
    labels = {item.pk: item.label for item in items}
    found = copies_for(labels, actor.kind)
    return [Shared(paper, label, found[paper]) for paper, label in labels.items() if paper in found]


def copy_taken(case: Mediation, actor: Actor, paper: UUID, *, now: datetime) -> SensitiveStream:
    """One released copy as a file. Raises `NotVisible` where this side has none of this paper."""
    shared = next((one for one in shared_with(case, actor, now=now) if one.paper == paper), None)
    if shared is None:
        raise NotVisible(str(paper))
    file, name = shared.copy.file, f"{case.number}-{shared.label}.pdf"
    purpose = f"mediation.{actor.kind}_copy"
    return SensitiveStream(
        store.stream(file), size=file.size, media_type=file.media_type, name=name, subject=case.pk, purpose=purpose
    )


def take(
    case: Mediation, actor: Actor, files: MultiValueDict[str, Any], *, fact: str, now: datetime
) -> list[RefusedPaper]:
    """Take the files of one form, each by its own act; answers with what was refused. One bad file harms no other.

    Raises `Refused` where the merchant may hand in nothing now, and then nothing was stored.
    """
    chosen = fact_named(case, fact)
    verb = verb_named("mediation.hand_in")
    refuse_if(verb.why_not(case, actor, now=now), verb=verb.name)
    refused = []
    for captured, upload in uploads_in(files):
        try:
            file = receiving.seal_upload(case.origin_id, upload, now=now, of_merchant=True)
            words = {"name": upload.given_name, "captured": captured, "device": upload.device, "fact": chosen}
            key = f"file:{bytes(file.sha256).hex()[:40]}:{chosen.seq if chosen else 0}"
            actions.hand_in(case, actor=actor, now=now, key=key, file=file, **words)
        except Refused as no:
            refused.append(refused_paper(upload, no))
    return refused


def fact_named(case: Mediation, said: str) -> Fact | None:
    """The fact of this number; empty is none. Raises `Refused` for a number that is no fact of the case."""
    if said in ("", "0"):
        return None
    chosen = next((fact for fact in case.known_facts if str(fact.seq) == said), None)
    if chosen is None:
        raise Refused([Blocker("fact.unknown", FACT_UNKNOWN, field="fact")])
    return chosen


def files_context(case: Mediation, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """What the page of the files of a side prints."""
    is_merchant = actor.kind == "merchant"
    mine = handed_in(case) if is_merchant else []
    blockers = verb_named("mediation.hand_in").why_not(case, actor, now=now) if is_merchant else []
    return {
        "case": case,
        "is_merchant": is_merchant,
        "handed": mine,
        "is_waiting": any(one.standing.is_waiting for one in mine),
        "shared": shared_with(case, actor, now=now),
        "may_hand_in": is_merchant and not blockers,
        "blockers": blockers,
        "facts": [(fact.seq, open_sealed(fact, "statement")) for fact in case.known_facts] if is_merchant else [],
    }


def has_files(case: Mediation, actor: Actor, *, now: datetime) -> bool:
    """Whether a side finds anything on that page."""
    if actor.kind == "merchant":
        return paper_case(case) is not None
    return bool(shared_with(case, actor, now=now))
