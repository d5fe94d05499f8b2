"""Work of the outbox: an order is sent once, then asked after until it has ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from jike.base.dates import now as current_instant
from jike.outbox import jobs
from lending.orders import stops
from lending.orders.actions import TOPIC, Ending, announce, record_ending, record_sent
from lending.orders.gateway import Answer, gateway
from lending.orders.models import Order

SOON, LATER = 5, 60  # seconds between two questions
IMPATIENT = timedelta(minutes=1)
UNANSWERED = "order.unanswered"
NEVER_SENT = Answer("", "failed")


@jobs.handler(TOPIC, max_attempts=40, lease_seconds=60)
def carry_order(job: jobs.ClaimedJob) -> None:
    """Send the order, or ask what became of it. Only the very first attempt sends unasked: any later one may follow a lost answer.

    A stop and its lifting follow one another: the later one waits until the earlier one has ended, and an earlier one that never
    arrived is not sent any more.
    """
    order = Order.objects.select_related("loan").get(pk=job.body["order"])
    if order.ended_at is not None:
        return
    if stops.has_to_wait(order):
        raise jobs.Postpone(_pause(order, current_instant()), "lending.other_first")
    is_outdated = stops.is_outdated(order)
    is_first = job.attempts == 1 and not job.body.get("ask") and not is_outdated
    try:
        known = None if order.state == Order.State.REQUESTED and is_first else gateway().ask(order)
        answer = known or (NEVER_SENT if is_outdated else gateway().send(order))
    except jobs.Failed:
        now = current_instant()
        announce(order, now=now, doubt=UNANSWERED, of=int(now.timestamp() // 3600))
        raise
    keep(order, answer, now=current_instant())


def keep(order: Order, answer: Answer, *, now: datetime) -> None:
    """Keep how the order stands; while it has not ended it is asked after again."""
    if answer.status != "accepted":
        record_ending(order, cast(Ending, answer.status), external_id=answer.external_id, now=now)
        return
    record_sent(order, external_id=answer.external_id, now=now)
    raise jobs.Postpone(_pause(order, now), "lending.not_ended")


def _pause(order: Order, now: datetime) -> int:
    return SOON if now - order.ordered_at < IMPATIENT else LATER
