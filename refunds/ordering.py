"""A settlement as orders to the core lending system. Pure: placing them is an action's, in the transaction that decides the return.

Source: house return money, house orders.
"""

from __future__ import annotations

from dataclasses import dataclass

from lending.loans.models import Role
from lending.orders.actions import NewOrder
from lending.orders.models import Order
from refunds.movements import CASH
from refunds.settling import Leg, Settlement

_KINDS = {"merchant_clawback": Order.Kind.CLAWBACK_MERCHANT, "limit": Order.Kind.RESTORE_LIMIT}
_ENDS: frozenset[str] = frozenset({Order.Kind.CANCEL_LOAN, Order.Kind.RESTORE_LIMIT})
"""What ends the loan: never before the consumer has paid back what is in hand."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """`at_once` is ordered when the return is decided, `when_debited` once the debit under way has come, `when_repaid` once the
    consumer has paid back what is still in hand.

    `by_hand` are the legs the core system has no order for: coupons, what the consumer has in hand, what other parties settle.
    """

    at_once: tuple[NewOrder, ...]
    when_debited: tuple[NewOrder, ...]
    when_repaid: tuple[NewOrder, ...]
    by_hand: tuple[Leg, ...]


def orders_of(settlement: Settlement) -> Ordered:
    """Each leg as an order under its own key; the principal to the funder and the end of the loan are one order.

    Refunds come first: the consumer waits for nobody, least of all for the merchant. Source: house return money.
    """
    to_funder = [leg for leg in settlement.legs if leg.kind == "funder_principal"]
    rest = [leg for leg in settlement.legs if leg.kind != "funder_principal"]
    kinds = {leg.key: kind for leg in rest if (kind := _kind_of(leg))}
    at_once = [_order(leg, kinds[leg.key]) for leg in rest if leg.key in kinds and not leg.awaited]
    cancel = NewOrder(
        f"return:{settlement.loan}:cancel_loan",
        Order.Kind.CANCEL_LOAN,
        sum(leg.cents for leg in to_funder) or None,
    )
    every = (*sorted(at_once, key=lambda order: order.kind != Order.Kind.REFUND_CONSUMER), cancel)
    waits = _ENDS if any((leg.payer, leg.unit) == (Role.CONSUMER, CASH) for leg in rest) else frozenset[str]()
    return Ordered(
        tuple(order for order in every if order.kind not in waits),
        tuple(_order(leg, kinds[leg.key]) for leg in rest if leg.key in kinds and leg.awaited),
        tuple(order for order in every if order.kind in waits),
        tuple(leg for leg in rest if leg.key not in kinds),
    )


def _kind_of(leg: Leg) -> str:
    """The kind of order for a leg, empty where there is none."""
    if (leg.receiver, leg.unit) == (Role.CONSUMER, CASH):
        return Order.Kind.REFUND_CONSUMER
    return _KINDS.get(leg.kind, "")


def _order(leg: Leg, kind: str) -> NewOrder:
    return NewOrder(leg.key, kind, leg.cents, leg.ref)
