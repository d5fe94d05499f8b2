"""What a consumer is shown of a return, in plain words: what happens, every leg with its cent, and that it costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.ladder import ladder_of
from cases.portal.letters import letters_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.base.money import from_cents
from jike.privacy import open_sealed
from jike.verbs import verb_named
from lending.loans.models import Role
from refunds import queries
from refunds.models import Leg, Refund
from refunds.portal.words import CONSUMER_WORDS, HAPPENED, PARTLY_HAPPENED, next_for_consumer
from refunds.rules.asking import contested_as
from refunds.settling import Leg as PlainLeg
from refunds.states import NO_MONEY, Basis, LegKind, LegState, State

_DONE = {LegState.CONFIRMED: "done", LegState.VOID: "done", LegState.WAITING: "next"}
PAID = (State.REVERSING, State.STUCK, State.CORRECTING, State.COMPLETED)


@dataclass(frozen=True, slots=True)
class Row:
    """One leg in words: what, how much, between whom."""

    what: Text
    amount: Decimal
    payer: Text
    receiver: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Step:
    """One leg of a return under way: `state` is done, current or next."""

    what: Text
    amount: Decimal | None
    account: str
    state: str
    word: Text
    at: datetime | None


def simulation_page(offer: queries.Offer, *, now: datetime) -> dict[str, Any]:
    """Everything a borrower sees before asking: until when, what comes back, who pays whom, and 0.00."""
    made = queries.simulate(offer.loan, at=now)
    return {
        "offer": offer,
        "loan": offer.loan,
        "made": made,
        "mine": _rows(made.to_consumer),
        "others": _rows(made.between_others),
        "owes": made.from_consumer,
    }


def _rows(legs: Iterable[PlainLeg]) -> list[Row]:
    return [
        Row(LegKind(leg.kind).label, from_cents(leg.cents), Role(leg.payer).label, Role(leg.receiver).label, leg.unit)
        for leg in legs
    ]


def return_page(case: Refund, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """The page of one return. `actor` is its consumer."""
    is_paid = case.state in PAID
    complaint = contested_as(case) if case.state == State.REFUSED or case.refusal_code else None
    return {
        "case": case,
        "loan": case.loan,
        "state_word": CONSUMER_WORDS[case.state],
        "happened": HAPPENED[case.state] if case.basis != Basis.PARTLY else PARTLY_HAPPENED,
        "next": next_for_consumer(case),
        "responsible": case.unit.name if case.ended_at is None else "",
        "steps": [_step(leg) for leg in _shown(case)] if is_paid else [],
        "total": from_cents(case.paid_cents) if is_paid else None,
        "is_whole": case.basis != Basis.PARTLY,
        "cost": queries.consumer_cost(case) if is_paid else None,
        "costs_before": queries.costs_told(case) if is_paid else None,
        "stopped": _stopped(case),
        "certificate": queries.certificate_of(case) if case.state == State.COMPLETED else None,
        "refusal": open_sealed(case, "refusal") if case.state == State.REFUSED else "",
        "may_contest": not verb_named("refunds.contest").why_not(case, actor, now=now),
        "complaint": complaint,
        "letters": letters_of(case, actor),
        "ladder": ladder_of(case, actor),
    }


def _shown(case: Refund) -> list[Leg]:
    """What concerns the consumer, in the order in which it happens; what other parties owe one another is theirs."""
    legs = [leg for leg in case.known_legs if leg.kind not in NO_MONEY and leg.state != LegState.VOID]
    mine = [leg for leg in legs if Role.CONSUMER in (leg.payer, leg.receiver)]
    ends = [leg for leg in case.known_legs if leg.kind in (LegKind.LOAN_END, LegKind.CREDIT)]
    return [*mine, *ends]


def _step(leg: Leg) -> Step:
    state = _DONE.get(LegState(leg.state), "current")
    amount = leg.amount if leg.cents and Role.CONSUMER in (leg.payer, leg.receiver) else None
    account = leg.account_mask if leg.is_to_consumer else ""
    return Step(leg.get_kind_display(), amount, account, state, _WORDS[state], leg.ended_at)


_WORDS = {
    "done": pgettext_lazy("leg for consumers", "Confirmed"),
    "current": pgettext_lazy("leg for consumers", "On its way"),
    "next": pgettext_lazy("leg for consumers", "Follows"),
}


def _stopped(case: Refund) -> Text:
    """Whether collection and debits stand still: the last of the stop and its lifting says so."""
    if case.state == State.REFUSED and contested_as(case) is None:
        return ""
    last = next((leg for leg in reversed(case.known_legs) if leg.kind in (LegKind.SUPPRESS, LegKind.RELEASE)), None)
    if last is None or last.kind == LegKind.RELEASE:
        return ""
    if last.state == LegState.CONFIRMED:
        return _("Collection, automatic debits, overdue interest and negative credit reports have been stopped.")
    return _("We have ordered collection, automatic debits, overdue interest and negative credit reports to stop.")
