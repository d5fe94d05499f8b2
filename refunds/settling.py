"""What goes back to whom when a loan is returned, as legs and as a double-entry journal. Pure, whole cents.

Every movement is undone from the party that received it to the party that paid it. So each party ends where it began, and the
loan cost the consumer 0.00. Source: house return money.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from jike.base.money import from_cents
from lending.loans.documents import Document
from lending.loans.models import COSTS, Kind, Role
from refunds.movements import CASH, LIMIT, Movement, Unit, movements_of

LegKind = Literal[
    "merchant_clawback",
    "funder_principal",
    "consumer_principal",
    "consumer_repayment",
    "consumer_cost",
    "consumer_insurance",
    "consumer_down_payment",
    "commission",
    "subsidy",
    "rebate",
    "coupon",
    "limit",
    "party_fee",
    "loan_end",
]
Phase = Literal["told", "leg"]

_KINDS: dict[str, LegKind] = {
    Kind.COMMISSION: "commission",
    Kind.SUBSIDY: "subsidy",
    Kind.REBATE: "rebate",
    Kind.COUPON: "coupon",
    LIMIT: "limit",
}


@dataclass(frozen=True, slots=True)
class Leg:
    """One payment of a return. `key` is its own idempotency key: the same leg of the same loan has the same key for ever.

    `ref` names what it undoes, and so the account it goes back to: the one it came from. `awaited`: only if the debit under way
    comes.
    """

    key: str
    kind: LegKind
    payer: str
    receiver: str
    cents: int
    unit: Unit
    ref: str
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal: what `party` received (above zero) or gave. The two lines of an `entry` cancel out."""

    entry: int
    phase: Phase
    kind: str
    party: str
    unit: Unit
    cents: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """A loan at a moment, and how its return undoes it."""

    loan: str
    at: datetime
    told: tuple[Movement, ...]
    legs: tuple[Leg, ...]

    def journal(self) -> tuple[Line, ...]:
        """What was told and what goes back, every movement as two lines."""
        every: list[tuple[Phase, str, str, str, Unit, int]] = [
            *(("told", m.kind, m.payer, m.receiver, m.unit, m.cents) for m in self.told),
            *(("leg", leg.kind, leg.payer, leg.receiver, leg.unit, leg.cents) for leg in self.legs),
        ]
        return tuple(
            Line(entry, phase, kind, party, unit, cents if party == receiver else -cents)
            for entry, (phase, kind, payer, receiver, unit, cents) in enumerate(every, start=1)
            for party in (payer, receiver)
        )

    def balance(self) -> dict[tuple[str, Unit], int]:
        """Cents by party and unit after everything; a party that ends where it began is not there."""
        totals: Counter[tuple[str, Unit]] = Counter()
        for line in self.journal():
            totals[line.party, line.unit] += line.cents
        return {place: cents for place, cents in totals.items() if cents}

    @property
    def consumer_cost(self) -> Decimal:
        """What the loan costs the consumer after the return, in yuan."""
        return from_cents(-sum(cents for (party, unit), cents in self.balance().items() if (party, unit) == CONSUMERS))

    @property
    def to_consumer_cents(self) -> int:
        """What is paid to the consumer in money, the debits under way included."""
        return sum(leg.cents for leg in self.legs if (leg.receiver, leg.unit) == CONSUMERS)


CONSUMERS = (Role.CONSUMER, CASH)


def settle(document: Document, *, at: datetime) -> Settlement:
    """The return of a whole loan that was not served, as it stood at `at`. Every party ends where it began.

    Source: house return money.
    """
    told = movements_of(document, at=at)
    return Settlement(document.external_id, at, told, legs_of(document.external_id, told))


def convert(document: Document, *, at: datetime) -> Settlement:
    """What goes back when a loan settled early within its window is treated as returned: its costs. The service stays paid.

    Source: house return money.
    """
    told = tuple(movement for movement in movements_of(document, at=at) if movement.is_cost)
    return Settlement(document.external_id, at, told, legs_of(document.external_id, told))


def legs_of(loan: str, movements: Iterable[Movement]) -> tuple[Leg, ...]:
    """The legs that undo these movements. What consumer and another party owe one another is set off first."""
    legs = [leg for movement in movements for leg in _undone(loan, movement)]
    return tuple(leg for leg in _set_off(legs) if leg.cents)


def _undone(loan: str, movement: Movement) -> list[Leg]:
    """Back from the receiver to the payer; the principal that a merchant got by way of the platform."""
    back, forth = movement.receiver, movement.payer
    if movement.kind == Kind.PRINCIPAL and back == Role.MERCHANT and forth not in (Role.PLATFORM, Role.CONSUMER):
        clawback = _leg(loan, movement, "merchant_clawback", back, Role.PLATFORM)
        return [clawback, _leg(loan, movement, "funder_principal", Role.PLATFORM, forth)]
    return [_leg(loan, movement, _kind_of(movement), back, forth)]


def _kind_of(movement: Movement) -> LegKind:
    if movement.kind in _KINDS:
        return _KINDS[movement.kind]
    if movement.payer != Role.CONSUMER:
        if movement.kind != Kind.PRINCIPAL:
            return "party_fee"
        return "merchant_clawback" if movement.receiver == Role.MERCHANT else "consumer_principal"
    if movement.kind == Kind.DOWN_PAYMENT:
        return "consumer_down_payment"
    if movement.kind == Kind.INSURANCE:
        return "consumer_insurance"
    return "consumer_cost" if movement.kind in COSTS else "consumer_repayment"


def _leg(loan: str, movement: Movement, kind: LegKind, payer: str, receiver: str) -> Leg:
    key = ":".join(("return", loan, kind, movement.ref, movement.kind, payer, receiver))
    return Leg(key, kind, payer, receiver, movement.cents, movement.unit, movement.ref, movement.awaited)


def _set_off(legs: Sequence[Leg]) -> list[Leg]:
    """Less money moves: what the consumer owes a party is first taken from what that party owes the consumer.

    Only where the consumer got the money of the loan in hand. A debit under way is left out: it may never come.
    """
    found = list(legs)
    for mine, owed in enumerate(found):
        if (owed.payer, owed.unit) != CONSUMERS:
            continue
        for other, due in enumerate(found):
            if (due.payer, due.receiver, due.unit) == (owed.receiver, *CONSUMERS) and not due.awaited:
                same = min(found[mine].cents, found[other].cents)
                found[mine] = replace(found[mine], cents=found[mine].cents - same)
                found[other] = replace(found[other], cents=found[other].cents - same)
    return found
