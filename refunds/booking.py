"""Writing legs, their orders and the journal. Called inside verbs: the case is locked, the rules have been asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jike.base.actors import Actor
from jike.base.ids import uuid7
from lending.loans.models import Role
from lending.orders.actions import NewOrder, place_orders
from lending.orders.models import Order
from refunds.facts import account_masks, loan_of
from refunds.models import JournalLine, Leg, Refund
from refunds.ordering import orders_of
from refunds.settling import CONSUMERS, Settlement
from refunds.settling import Leg as PlainLeg
from refunds.states import Basis, LegKind, LegState

VERIFIED = "verified_account"
"""What an order names instead of a payment where the core system is to pay to another account it has verified itself."""
_ORDERED = {LegKind.SUPPRESS: "suppress", LegKind.RELEASE: "release", LegKind.CREDIT: "correct_credit"}


def order_plain(case: Refund, kind: LegKind, *, actor: Actor, now: datetime) -> Leg:
    """Order something that moves no money: the stop, its lifting, the credit record. Each time is a leg and a key of its own."""
    n = sum(leg.kind == kind for leg in case.known_legs) + 1
    leg = _leg(case, f"return:{case.number}:{_ORDERED[kind]}:{n}", kind, Role.PLATFORM, Role.PLATFORM, 0, now=now)
    _place(case, [(leg, NewOrder(leg.key, _ORDERED[kind]))], actor=actor, now=now)
    return leg


def book(case: Refund, settlement: Settlement, basis: str, *, actor: Actor, now: datetime) -> None:
    """Write the whole settlement: legs, journal, and what is ordered at once. What waits for a debit or the consumer's money waits."""
    ordered = orders_of(settlement)
    at_once = {one.key: one for one in ordered.at_once}
    later = {one.key: one for one in (*ordered.when_debited, *ordered.when_repaid)}
    masks, placed = account_masks(loan_of(case)), []
    for plain in _merged(settlement):
        ends_by_hand = plain.kind == "loan_end" and basis == Basis.PARTLY
        by_hand = ends_by_hand or (plain.key not in at_once and plain.key not in later)
        leg = _leg(
            case,
            plain.key,
            LegKind(plain.kind),
            plain.payer,
            plain.receiver,
            plain.cents,
            unit=plain.unit,
            ref="" if plain.kind == "loan_end" else plain.ref,
            account_mask=masks.get(plain.ref, ""),
            is_awaited=plain.awaited,
            by_hand=by_hand,
            now=now,
        )
        if not by_hand and plain.key in at_once:
            placed.append((leg, at_once[plain.key]))
        else:
            _keep(case, leg)
    _place(case, placed, actor=actor, now=now)
    case.bring(*_lines(case, settlement, now=now))


def _lines(case: Refund, settlement: Settlement, *, now: datetime) -> list[JournalLine]:
    return [
        JournalLine(
            id=uuid7(),
            case_id=case.pk,
            entry=line.entry,
            phase=line.phase,
            kind=line.kind,
            party=line.party,
            unit=line.unit,
            cents=line.cents,
            booked_at=now,
        )
        for line in settlement.journal()
    ]


def _merged(settlement: Settlement) -> list[PlainLeg]:
    """The legs, with the end of the loan in place of the principal to the funder: the core system knows both as one order."""
    to_funder = [leg for leg in settlement.legs if leg.kind == "funder_principal"]
    key = f"return:{settlement.loan}:cancel_loan"
    end = PlainLeg(key, "loan_end", Role.PLATFORM, Role.FUNDER, sum(leg.cents for leg in to_funder), "cash", "")
    rest = [leg for leg in settlement.legs if leg.kind != "funder_principal"]
    return [*sorted(rest, key=lambda leg: (leg.receiver, leg.unit) != CONSUMERS), end]


def order_again(case: Refund, leg: Leg, *, route: str, actor: Actor, now: datetime) -> Order:
    """A new order for a leg whose order failed for good, under a key of its own; the database wants the failure."""
    assert leg.order is not None
    leg.attempt += 1
    to = VERIFIED if route == Leg.Route.VERIFIED else leg.ref
    wanted = NewOrder(f"{leg.key}:{leg.attempt}", leg.order.kind, leg.order.amount_cents, to)
    leg.order = place_orders(loan_of(case), [wanted], actor=actor, now=now)[0]
    leg.route, leg.state, leg.ended_at = route, LegState.REQUESTED, None
    leg.save(update_fields=["order", "route", "state", "attempt", "ended_at"])
    _forget(case)
    return leg.order


def order_waiting(case: Refund, leg: Leg, *, actor: Actor, now: datetime) -> None:
    """Order a leg that had to wait. The kind of its order follows from the leg."""
    if leg.kind == LegKind.LOAN_END:
        wanted = NewOrder(leg.key, Order.Kind.CANCEL_LOAN, leg.cents or None)
    elif leg.kind == LegKind.LIMIT:
        wanted = NewOrder(leg.key, Order.Kind.RESTORE_LIMIT, leg.cents, leg.ref)
    else:
        wanted = NewOrder(leg.key, Order.Kind.REFUND_CONSUMER, leg.cents, leg.ref)
    leg.order = place_orders(loan_of(case), [wanted], actor=actor, now=now)[0]
    leg.state, leg.attempt = LegState.REQUESTED, 1
    leg.save(update_fields=["order", "state", "attempt"])
    _forget(case)


def void(case: Refund, leg: Leg, *, now: datetime) -> None:
    """The debit under way never came: what was told of it and what would have gone back are booked back."""
    leg.state, leg.ended_at = LegState.VOID, now
    leg.save(update_fields=["state", "ended_at"])
    entry = max(case.journal.values_list("entry", flat=True), default=0)
    told = leg.key.split(":")[-3]
    rows = [
        JournalLine(
            id=uuid7(), case_id=case.pk, entry=entry + n, phase=phase, kind=kind, party=party, unit=leg.unit, cents=cents, booked_at=now
        )
        for n, phase, kind, gave, got in (
            (1, "told", told, leg.payer, leg.receiver),
            (2, "leg", leg.kind, leg.receiver, leg.payer),
        )
        for party, cents in ((gave, -leg.cents), (got, leg.cents))
    ]  # fmt: skip
    case.bring(*rows)
    _forget(case)


def _leg(
    case: Refund,
    key: str,
    kind: LegKind,
    payer: str,
    receiver: str,
    cents: int,
    *,
    now: datetime,
    unit: str = "cash",
    ref: str = "",
    account_mask: str = "",
    is_awaited: bool = False,
    by_hand: bool = False,
) -> Leg:
    return Leg(
        id=uuid7(),
        case_id=case.pk,
        seq=len(case.known_legs) + 1,
        key=key,
        kind=kind,
        payer=payer,
        receiver=receiver,
        cents=cents,
        unit=unit,
        ref=ref,
        account_mask=account_mask,
        is_awaited=is_awaited,
        by_hand=by_hand,
        state=LegState.WAITING,
        created_at=now,
    )


def _place(case: Refund, pairs: Sequence[tuple[Leg, NewOrder]], *, actor: Actor, now: datetime) -> None:
    orders = place_orders(loan_of(case), [wanted for _leg_, wanted in pairs], actor=actor, now=now)
    for (leg, _wanted), order in zip(pairs, orders, strict=True):
        leg.order, leg.state, leg.attempt = order, LegState.REQUESTED, 1
        _keep(case, leg)


def _keep(case: Refund, leg: Leg) -> None:
    """Write it, and number the next one behind it."""
    leg.seq = len(case.known_legs) + 1
    case.known_legs.append(leg)
    case.bring(leg)


def _forget(case: Refund) -> None:
    case.__dict__.pop("known_legs", None)
