"""Our book of orders beside the core system's own: a day ties when every order of either side stands in the other, to the cent.

Source: house orders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date, end_of_day, start_of_day
from jike.base.dates import now as current_instant
from jike.base.errors import Text
from jike.base.money import to_cents
from jike.outbox import jobs
from lending.models import Order, Statement
from lending.orders.actions import announce
from lending.orders.gateway import gateway

TOPIC = "lending.statement"
OTHER_AMOUNT, OTHERWISE, UNKNOWN = "order.amount_differs", "order.ended_otherwise", "statement.unknown_order"
AFTER_MIDNIGHT = timedelta(hours=1)
FAULTS: dict[str, Text] = {
    "missing": _("confirmed here, not in the core system's book"),
    "unknown": _("in the core system's book, not ordered by us"),
    "amount": _("another amount there"),
    "ending": _("ended otherwise there"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One order in both books. `order` is None where we never ordered it, `theirs` where they do not know it."""

    key: str
    kind: str
    order: Order | None
    theirs: dict[str, Any] | None
    fault: str

    @property
    def ours_cents(self) -> int:
        return (self.order.amount_cents or 0) if self.order and self.order.state == Order.State.CONFIRMED else 0

    @property
    def theirs_cents(self) -> int:
        return (self.theirs["cents"] or 0) if self.theirs and self.theirs["status"] == "confirmed" else 0


@jobs.timer("lending.statements")
def fetch_yesterday(now: datetime) -> None:
    """Have the core system's book of the day before taken, once, an hour after midnight."""
    day = cst_date(now - AFTER_MIDNIGHT) - timedelta(days=1)
    if Order.objects.filter(ended_at__gte=start_of_day(day), ended_at__lte=end_of_day(day)).exists():
        jobs.post(TOPIC, key=f"{TOPIC}:{day}", body={"day": day.isoformat()}, now=now)


def ask_for_statement(day: date, *, now: datetime) -> bool:
    """Have the book of a day taken now, once a minute at most."""
    key = f"{TOPIC}:{day}:{int(now.timestamp() // 60)}"
    return jobs.post(TOPIC, key=key, body={"day": day.isoformat()}, now=now) is not None


@jobs.handler(TOPIC, max_attempts=20, lease_seconds=60)
def take_statement(job: jobs.ClaimedJob) -> None:
    """Keep the core system's book of a day and compare: what differs is announced to whoever ordered it, and stops the return.

    What it did and nobody ordered lies with the dead letters: a person looks.
    """
    day = date.fromisoformat(job.body["day"])
    lines = [_line(row) for row in gateway().statement(day)]
    row = Statement(day=day, lines=lines, taken_at=current_instant())
    row.save(force_insert=True)
    found = compared(day)
    for pair in found:
        if pair.order is not None and pair.fault:
            doubt = OTHER_AMOUNT if pair.fault == "amount" else OTHERWISE
            announce(pair.order, now=row.taken_at, doubt=doubt, of=row.pk)
    if any(pair.fault == "unknown" for pair in found):
        raise jobs.GiveUp(UNKNOWN)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    amount = row.get("amount")
    kept = {name: str(row[name])[:200] for name in ("order", "key", "kind", "status", "at")}
    return kept | {"cents": to_cents(Decimal(str(amount))) if amount is not None else None}


def statement_of(day: date) -> Statement | None:
    """The newest telling of a day."""
    return Statement.objects.filter(day=day).order_by("-taken_at", "-pk").first()


def compared(day: date) -> list[Pair]:
    """Every order that either book puts on this day. One that we heard of on the other side of midnight is theirs of their day.

    Where the day was not told yet, nothing is missing.
    """
    told = statement_of(day)
    theirs = {line["key"]: line for line in told.lines} if told else {}
    elsewhere = _told_on(day - timedelta(days=1), day + timedelta(days=1)) - set(theirs)
    ours = {order.key: order for order in _ended(day) if order.key not in elsewhere}
    ours |= {order.key: order for order in Order.objects.filter(key__in=set(theirs) - set(ours)).select_related("loan")}
    keys = [*theirs, *(key for key in ours if key not in theirs)]
    until = told.taken_at if told else None
    return [_pair(key, ours.get(key), theirs.get(key), until) for key in keys]


def _told_on(*days: date) -> set[str]:
    statements = (statement_of(day) for day in days)
    return {line["key"] for statement in statements if statement for line in statement.lines}


def _ended(day: date) -> Iterable[Order]:
    found = Order.objects.filter(ended_at__gte=start_of_day(day), ended_at__lte=end_of_day(day))
    return found.select_related("loan").order_by("ended_at", "pk")


def _pair(key: str, order: Order | None, line: dict[str, Any] | None, told_at: datetime | None) -> Pair:
    kind = order.kind if order else str(line["kind"]) if line else ""
    return Pair(key, kind, order, line, _fault(order, line, told_at))


def _fault(order: Order | None, line: dict[str, Any] | None, told_at: datetime | None) -> str:
    if order is None:
        return "unknown"
    if line is None:
        is_told = told_at is not None and order.ended_at is not None and order.ended_at <= told_at
        return "missing" if is_told and order.state == Order.State.CONFIRMED else ""
    if (line["cents"] or 0) != (order.amount_cents or 0):
        return "amount"
    return "ending" if order.ended_at is not None and line["status"] != order.state else ""
