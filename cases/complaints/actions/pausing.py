"""Days that do not count, and a date agreed with the consumer that takes the place of the count."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.complaints import counting, wordings
from cases.complaints.models import ClockPause, Complaint
from cases.complaints.rules import pausing as rules
from cases.handling.proof import proof_by_hand
from cases.models import Delivery, Message, Note
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.pause", label=_("Pause the count"), blockers=rules.blockers_to_pause, category="clock")
def pause_clock(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    first_on: date,
    evidence: str,
    last_on: date | None = None,
) -> None:
    """Leave out whole Shanghai days from `first_on` on, to `last_on` or until `resume`; the consumer is told.

    A mediation counts at once, for the consumer agreed to it (`evidence`). An appraisal counts only from the day on which its
    notice was sent. Source: O2020-3 art 18, art 23.
    """
    pause = ClockPause.objects.create(
        id=uuid7(),
        case_id=case.pk,
        kind=kind,
        first_on=first_on,
        last_on=last_on,
        evidence=evidence.strip(),
        counts_from=first_on if kind == ClockPause.Kind.MEDIATION else None,
        started_by_id=actor.user if actor.is_staff else None,
        started_at=now,
    )
    before = case.next_due_at
    if pause.counts_from:
        counting.recount(case, cast(Clock, counting.running(case)), now=now)
    _tell(case, pause, before=before, now=now)
    case.tell(pause=str(pause.pk), kind=kind, first=first_on.isoformat(), last=last_on.isoformat() if last_on else None)


@verb(
    Complaint,
    "complaints.count_pause",
    label=_("Record the notice of the appraisal"),
    blockers=rules.blockers_to_count_pause,
    category="clock",
)
def count_pause(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    proof: Delivery | None = None,
    manner: str = "",
    evidence: str = "",
    sent_at: datetime | None = None,
) -> None:
    """The consumer was told of an appraisal: its days are left out from the day of sending on. Source: O2020-3 art 18."""
    proof = proof or proof_by_hand(
        case, actor, manner=manner, evidence=evidence, sent_at=sent_at or now, now=now, purpose=Message.Purpose.PAUSE
    )
    pause = cast(ClockPause, rules.untold(case))
    pause.notice, pause.counts_from = proof, max(pause.first_on, cst_date(proof.sent_at))
    pause.save(update_fields=["notice", "counts_from"])
    clock = counting.running(case)
    if clock:
        counting.recount(case, clock, now=now)
    case.tell(delivery=str(proof.pk), pause=str(pause.pk), counts_from=pause.counts_from.isoformat())


@verb(Complaint, "complaints.resume", label=_("Resume the count"), blockers=rules.blockers_to_resume, category="clock")
def resume_clock(case: Complaint, *, actor: Actor, now: datetime, last_on: date, kind: str = "") -> None:
    """End the pause (the latest one, or the one of `kind`) with `last_on` as its last day, count anew, and tell the consumer the new last day."""
    pause = cast(ClockPause, rules.open_pause(case, on=cst_date(now), kind=kind))
    before = case.next_due_at
    pause.last_on, pause.resumed_at = last_on, now
    pause.save(update_fields=["last_on", "resumed_at"])
    counting.recount(case, cast(Clock, counting.running(case)), now=now)
    _tell(case, pause, before=before, now=now)
    case.tell(pause=str(pause.pk), last=last_on.isoformat())


def _tell(case: Complaint, pause: ClockPause, *, before: datetime | None, now: datetime) -> None:
    party = complainant_of(case)
    if party:
        words: dict[str, Any] = {
            "kind": pause.kind,
            "first_on": pause.first_on,
            "last_on": pause.last_on,
            "is_over": pause.resumed_at is not None,
            "old_due": before,
            "new_due": case.next_due_at,
        }
        wordings.PAUSE.queue(case, party, now=now, **words)


@verb(
    Complaint,
    "complaints.agree_deadline",
    label=_("Agree on a date"),
    blockers=rules.blockers_to_agree_deadline,
    category="clock",
)
def agree_deadline(
    case: Complaint, *, actor: Actor, now: datetime, due_on: date, evidence: str, paper: Attachment
) -> None:
    """Keep the day agreed with the consumer: it governs instead of the count and moves for no pause.

    What the count stood at stays in its row for reports; `paper` is the writing or the recording among the papers of the case,
    `evidence` says where in it the consumer agreed. Source: O2020-3 art 21.
    """
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=evidence.strip(), created_at=now)
    before = case.next_due_at
    clock = counting.running(case) or clocks.running(case, family=counting.AGREED)
    length = (due_on - cst_date(now)).days
    if clock:
        clocks.count_anew(case, clock, counting.AGREED, at=now, now=now, length=length)
    else:
        clocks.start(case, counting.AGREED, at=now, now=now, length=length)
    case.agreed_due_on = due_on
    party = complainant_of(case)
    if party:
        wordings.AGREEMENT.queue(case, party, now=now, old_due=before, new_due=due_on)
    case.tell(note=str(note.pk), due=due_on.isoformat(), paper=str(paper.pk))
