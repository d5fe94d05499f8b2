"""How a complaint ends: closed after the notice, or withdrawn before it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints import letters, rules
from cases.complaints.models import Complaint
from cases.models import Approval, Note
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.close", label=_("Close the case"), blockers=rules.blockers_to_close)
def close_complaint(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Close a complaint whose decision was told with proof: notified -> closed. It may still be reviewed or reopened."""
    case.mark_closed(at=now)
    party = complainant_of(case)
    if party:
        letters.CLOSING.queue(case, party, channels=["inbox"], now=now, number=case.number)


@verb(Complaint, "complaints.withdraw", label=_("Withdraw the complaint"), blockers=rules.blockers_to_withdraw)
def withdraw_complaint(case: Complaint, *, actor: Actor, now: datetime, wish: str = "") -> None:
    """End the complaint at the consumer's wish, on the day the wish arrives; all its clocks stop and it is confirmed in writing.

    `wish` says how it was told when staff record it. An open proposal becomes void with it. Source: O2020-3 art 15.
    """
    Approval.objects.filter(case_id=case.pk, verdict="").update(verdict=Approval.Verdict.VOID, voted_at=now)
    if actor.is_staff:
        note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=wish, created_at=now)
        case.tell(note=str(note.pk))
    case.mark_withdrawn(at=now, manner="portal" if actor.kind == "consumer" else "recorded")
    clocks.stop_all(case, at=now, now=now)
    party = complainant_of(case)
    if party:
        letters.WITHDRAWAL.queue(case, party, channels=party.channels, now=now, number=case.number)
    case.tell(manner=case.withdrawal_manner)
