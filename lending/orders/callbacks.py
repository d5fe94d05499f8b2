"""What the core lending system says by itself: how an order ended. `POST /api/v1/callbacks/lending/`.

A call is kept with its event and worked by the outbox; one about an order that is not known waits a while, since the answer
to the sending may still be on its way. A call never moves money: it says what happened to an order that was placed.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings

from jike.api.callbacks import Provider, register
from jike.api.models import Callback
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.base.money import to_cents
from jike.outbox import jobs
from lending.orders.actions import Ending, announce, record_ending
from lending.orders.models import Order

TOPIC = "lending.callback"
ENDINGS = ("confirmed", "failed")
WAIT_SECONDS, WAITS = 15, 20
OTHER_AMOUNT, OTHERWISE = "order.amount_differs", "order.ended_otherwise"


def secret() -> str:
    return unquote(urlsplit(settings.LENDING_URL).password or "")


def shape(content: dict[str, Any]) -> dict[str, Any]:
    """The core system's number of the order, how it ended, and the amount in cents where it names one."""
    if content["status"] not in ENDINGS:
        raise ValueError
    kept = {"order": str(content["order"]), "status": content["status"]}
    return kept | ({"cents": _cents(content["amount"])} if content.get("amount") is not None else {})


def _cents(amount: Any) -> int:
    try:
        return to_cents(Decimal(str(amount)))
    except InvalidOperation:
        raise ValueError from None


def heard(row: Callback) -> None:
    jobs.post(TOPIC, key=f"{TOPIC}:{row.pk}", body={"callback": str(row.pk)}, now=row.received_at)


@jobs.handler(TOPIC, max_attempts=WAITS, lease_seconds=60)
def take_callback(job: jobs.ClaimedJob) -> None:
    """Keep the ending that was told. What does not fit the order changes nothing, is announced, and lies with the dead letters."""
    row = Callback.objects.get(pk=job.body["callback"])
    body = row.body
    order = Order.objects.filter(external_id=body["order"]).first()
    if order is None:
        raise jobs.Failed("order.unknown", after=WAIT_SECONDS)
    if "cents" in body and body["cents"] != (order.amount_cents or 0):
        announce(order, now=current_instant(), doubt=OTHER_AMOUNT, of=row.pk)
        raise jobs.GiveUp(OTHER_AMOUNT)
    try:
        record_ending(order, cast(Ending, body["status"]), now=current_instant())
    except Refused:
        announce(order, now=current_instant(), doubt=OTHERWISE, of=row.pk)
        raise jobs.GiveUp(OTHERWISE) from None


register(Provider("lending", secret, shape, heard))
