"""May a promise be reported or confirmed as kept, and when is an agreement broken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, Term
from cases.mediation.rules.sides import blockers_to_speak
from cases.mediation.states import Side, State
from cases.rules import PART_LIMIT, handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker


def promises_of(case: Mediation) -> list[Term]:
    """What the accepted offer promised, in order; none before one was accepted."""
    offer = case.accepted_offer
    return sorted(offer.terms.all(), key=lambda term: term.seq) if offer else []


def _of_case(case: Mediation, term: Any) -> list[Blocker]:
    if term is UNASKED or (term is not None and term.pk in {row.pk for row in promises_of(case)}):
        return []
    return [Blocker("term.unknown", _("Choose one of the promises of this agreement."), field="term")]


def blockers_to_report_term(
    case: Mediation, actor: Actor, *, now: datetime, term: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    """The merchant says that a promise was kept; whoever gets it confirms."""
    found = blockers_to_speak(
        case, actor, "mediation.report_term", now=now, side=Side.MERCHANT, sides=(Side.MERCHANT.value,)
    )
    found += only_while(case, State.PERFORMING) + _of_case(case, term)
    if not found and term and (_current(case, term).reported_at or _current(case, term).confirmed_at):
        found.append(Blocker("term.reported", _("This promise was reported as kept already."), field="term"))
    found += missing(evidence, "evidence", _("Say how and when it was done."))
    return found + too_long(evidence, "evidence", PART_LIMIT)


def blockers_to_confirm_term(
    case: Mediation, actor: Actor, *, now: datetime, term: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    """The consumer, who gets it, confirms each promise, or staff who can show that the consumer did."""
    found = blockers_to_speak(
        case,
        actor,
        "mediation.confirm_term",
        now=now,
        side=Side.CONSUMER,
        evidence=evidence,
        sides=(Side.CONSUMER.value,),
    )
    found += only_while(case, State.PERFORMING) + _of_case(case, term)
    if not found and term and _current(case, term).confirmed_at:
        found.append(Blocker("term.confirmed", _("This promise was confirmed already."), field="term"))
    return found


def _current(case: Mediation, term: Term) -> Term:
    return next(row for row in promises_of(case) if row.pk == term.pk)


def missed(case: Mediation, *, now: datetime) -> list[Term]:
    """The promises whose day and days of grace have passed and that nobody confirmed."""
    last = cst_date(now) - timedelta(days=house_rules().grace_days)
    return [term for term in promises_of(case) if term.confirmed_at is None and term.due_on < last]


def blockers_to_breach(case: Mediation, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """By itself only where nobody said that it was kept; where the merchant said so and the consumer did not, a person judges."""
    power = "mediation.breach"
    found = handler_only(case, actor, power) if actor.is_staff else no_power(actor, power)
    found += wrong_state(case, case.mark_breached)
    late = missed(case, now=now)
    if not (late if actor.is_staff else [term for term in late if term.reported_at is None]):
        message = _("No promise is overdue beyond the days of grace, or the merchant reported it as kept.")
        found.append(Blocker("term.not_missed", message))
    if actor.is_staff:
        found += missing(reason, "reason", _("Give the reason."))
    return found + too_long(reason, "reason", PART_LIMIT)
