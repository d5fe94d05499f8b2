"""Answering a question, routing a report, proving that the person was told, and closing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts
from cases.handling.proof import proof_by_hand
from cases.inquiries import words
from cases.inquiries.models import Inquiry
from cases.inquiries.rules import ending as rules
from cases.inquiries.states import Nature
from cases.models import Delivery
from cases.queries import complainant_of
from jike.accounts.models import Unit
from jike.base.actors import Actor
from jike.verbs import verb


@verb(Inquiry, "inquiries.route", label=_("Route the report"), blockers=rules.blockers_to_route)
def route_inquiry(case: Inquiry, *, actor: Actor, now: datetime, to: Unit | None, outside: str, reason: str) -> None:
    """Pass a report or clue on to a unit of the house, into whose pool it goes, or to an authority; whoever reported is told where.

    Source: O2020-3 art 32.
    """
    outside = outside.strip()
    case.mark_routed(unit=to, outside=outside, at=now)
    acts.add_note(case, actor=actor, now=now, text=reason)
    case.tell(to=to.code if to else "outside", from_unit=case.unit.code)
    party = complainant_of(case)
    if party:
        place = to.name if to else outside
        words.ROUTING.queue(case, party, now=now, place=place, at=now)
    if to:
        case.tell(from_assignee=str(case.assignee_id) if case.assignee_id else None)
        case.unit, case.assignee = to, None


@verb(Inquiry, "inquiries.answer", label=_("Answer"), blockers=rules.blockers_to_answer)
def answer_inquiry(case: Inquiry, *, actor: Actor, now: datetime, text: str) -> None:
    """Answer by every channel known: received -> answered. It counts as told when a channel has taken it: see `notify_person`."""
    case.mark_answered(at=now)
    party = complainant_of(case)
    assert party is not None
    is_report = case.nature == Nature.REPORT
    words.REPLY.queue(case, party, now=now, answer=text.strip(), is_report=is_report)


@verb(Inquiry, "inquiries.notify", label=_("Record that the person was told"), blockers=rules.blockers_to_notify)
def notify_person(
    case: Inquiry,
    *,
    actor: Actor,
    now: datetime,
    proof: Delivery | None = None,
    manner: str = "",
    evidence: str = "",
    sent_at: datetime | None = None,
) -> None:
    """Keep the proof that the answer, or the word of the routing, left the house."""
    proof = proof or proof_by_hand(case, actor, manner=manner, evidence=evidence, sent_at=sent_at or now, now=now)
    case.told = proof
    case.tell(delivery=str(proof.pk), manner=proof.manner)


@verb(Inquiry, "inquiries.conclude", label=_("Close"), blockers=rules.blockers_to_conclude)
def conclude_inquiry(case: Inquiry, *, actor: Actor, now: datetime, outcome: str) -> None:
    """End it; what came of it stays as an internal note."""
    case.mark_closed(at=now)
    if outcome.strip():
        acts.add_note(case, actor=actor, now=now, text=outcome)
