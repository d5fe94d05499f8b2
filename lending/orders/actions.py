"""Placing orders with the fact that asks for them, and keeping what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.outbox import jobs
from lending.models import Loan
from lending.orders.models import Order

TOPIC = "lending.order"
CHANGED = "lending.order_changed"
"""Posted with every change of an order, for whoever ordered it; an app above this one works it."""
SOURCE = "house orders"
Ending = Literal["confirmed", "failed"]


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What to order: `key` is unique per intent and for ever, `cents` None where no money moves."""

    key: str
    kind: str
    cents: int | None = None
    to: str = ""


@transaction.atomic
def place_orders(loan: Loan, wanted: Sequence[NewOrder], *, actor: Actor, now: datetime) -> list[Order]:
    """Order these things about `loan`, in the caller's transaction: each is sent when that commits, once.

    A key that was ordered before is that order. Raises Refused when it was ordered with other content, and then nothing is ordered;
    IntegrityError when a loan would be cancelled twice. Source: house orders.
    """
    keys = [one.key for one in wanted]
    known = {order.key: order for order in Order.objects.filter(key__in=keys)}
    contradicted = [one.key for one in wanted if one.key in known and not _is_same(known[one.key], loan, one)]
    refuse_if(
        Blocker("order.contradicted", format_lazy(_("“{key}” was ordered with other content."), key=key), SOURCE)
        for key in contradicted
    )
    orders = []
    for one in wanted:
        order = known.get(one.key) or _placed(loan, one, actor=actor, now=now)
        jobs.post(TOPIC, key=f"{TOPIC}:{order.pk}", body={"order": order.pk}, now=now)
        orders.append(order)
    return orders


@transaction.atomic
def record_sent(order: Order, *, external_id: str, now: datetime) -> Order:
    """Keep that the core system has taken the order. Said again, or after its end, it changes nothing. Source: house orders."""
    row = Order.objects.select_for_update().get(pk=order.pk)
    if row.state == Order.State.REQUESTED:
        row.state, row.external_id, row.sent_at = Order.State.SENT, external_id, now
        row.save(update_fields=["state", "external_id", "sent_at"])
        announce(row, now=now)
    return row


@transaction.atomic
def record_ending(order: Order, ending: Ending, *, external_id: str = "", now: datetime) -> Order:
    """Keep that the order was carried out, or failed for good. The same again changes nothing, however often.

    Raises Refused when it ended otherwise before: money that was confirmed is not taken back by a message. Source: house orders.
    """
    row = Order.objects.select_for_update().get(pk=order.pk)
    if row.ended_at is None:
        row.state, row.ended_at, row.external_id = ending, now, row.external_id or external_id
        row.save(update_fields=["state", "ended_at", "external_id"])
        announce(row, now=now)
    elif row.state != ending:
        message = _("This order ended otherwise before. A person looks into it.")
        refuse_if([Blocker("order.ended_otherwise", message, SOURCE)])
    return row


def announce(order: Order, *, now: datetime, doubt: str = "", of: UUID | int = 0) -> None:
    """Tell whoever ordered it how the order stands, or the code of a `doubt` about it: no answer, an answer that does not fit.

    A state is told once. A doubt is told whenever it comes up: `of` is what it came up by, the call or the hour.
    """
    body = {"order": order.pk, **({"doubt": doubt} if doubt else {})}
    key = f"{order.pk}:{order.state}"
    if doubt:  # a call is about one order: its own key names both
        key = f"{of}:{doubt}" if isinstance(of, UUID) else f"{order.pk}:{of}:{doubt}"
    jobs.post(CHANGED, key=f"{CHANGED}:{key}", body=body, now=now)


def ask_again(order: Order, *, now: datetime) -> bool:
    """Have the core system asked what became of the order, once an hour at most. Nothing is sent unless it says that nothing arrived."""
    key = f"{TOPIC}:{order.pk}:ask:{int(now.timestamp() // 3600)}"
    return jobs.post(TOPIC, key=key, body={"order": order.pk, "ask": True}, now=now) is not None


def _placed(loan: Loan, one: NewOrder, *, actor: Actor, now: datetime) -> Order:
    order = Order(
        id=uuid7(),
        key=one.key,
        kind=one.kind,
        loan=loan,
        amount_cents=one.cents,
        to=one.to,
        ordered_by=actor.id,
        ordered_at=now,
    )
    order.save(force_insert=True)
    return order


def _is_same(order: Order, loan: Loan, one: NewOrder) -> bool:
    return (order.loan_id, order.kind, order.amount_cents, order.to) == (loan.pk, one.kind, one.cents, one.to)
