"""Webhooks out: subscriptions, shipments as rows of the outbox, and replay. Source of the headers: Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from jike.accounts.models import User
from jike.api.addresses import blockers_to_reach
from jike.api.models import Shipment, Subscription
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.outbox import jobs

logger = logging.getLogger(__name__)

MANAGE, REPLAY = "webhooks.manage", "webhooks.replay"
TOPIC = "webhooks.ship"
EVERY_TYPE = "*"
MOST = 20
LISTEN_SECONDS = 15.0

_listening: tuple[float, bool] | None = None


@dataclass(frozen=True, slots=True)
class NewSubscription:
    subscription: Subscription
    secret: str


def anybody_listens() -> bool:
    """Whether there is any subscription; asked of the database every 15 seconds, so that acts pay nothing for webhooks."""
    global _listening
    if _listening is None or time.monotonic() - _listening[0] > LISTEN_SECONDS:
        _listening = (time.monotonic(), Subscription.objects.filter(ended_at=None).exists())
    return _listening[1]


def forget() -> None:
    """Ask the database anew at the next act."""
    global _listening
    _listening = None


def blockers_to_subscribe(actor: Actor, *, url: str, types: Iterable[str], known: Iterable[str]) -> list[Blocker]:
    found = [] if actor.can(MANAGE) else [Blocker("actor.no_power", _("Your role may not subscribe to events."))]
    if not set(types) or set(types) - {*known, EVERY_TYPE}:
        found.append(Blocker("types.unknown", _("Choose event types of the list, or *."), field="types"))
    if subscriptions_of(actor).count() >= MOST:
        found.append(Blocker("subscription.too_many", _("At most 20 subscriptions. End one first.")))
    return found + blockers_to_reach(url)


def subscribe(*, actor: Actor, now: datetime, url: str, types: list[str], known: Iterable[str]) -> NewSubscription:
    """Send events of these types to `url` from now on. The secret is in the answer and sealed in the row. Raises `Refused`."""
    refuse_if(blockers_to_subscribe(actor, url=url, types=types, known=known), verb=MANAGE)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    row = Subscription.objects.create(
        owner_id=actor.user, url=url, types=sorted(set(types)), secret=secret, created_at=now
    )
    transaction.on_commit(forget)
    forget()
    logger.info("webhooks.subscribed subscription=%s by=%s", row.pk, actor.id)
    return NewSubscription(row, secret)


def end(subscription: Subscription, *, now: datetime) -> None:
    """Send nothing more there. Ending again changes nothing."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=now)
    forget()


def subscriptions_of(actor: Actor) -> QuerySet[Subscription]:
    """One's own living subscriptions."""
    if not actor.can(MANAGE):
        return Subscription.objects.none()
    return Subscription.objects.filter(owner_id=actor.id).filter(ended_at=None).order_by("pk")


def listeners(event_type: str) -> list[Subscription]:
    """Living subscriptions to this type, whose owners are still there."""
    found = Subscription.objects.filter(ended_at=None).filter(types__overlap=[event_type, EVERY_TYPE])
    return list(found.filter(owner__in=User.objects.filter(is_active=True)).select_related("owner"))


def ship(
    subscriptions: Iterable[Subscription], event: uuid.UUID, event_type: str, body: dict[str, Any], *, now: datetime
) -> None:
    """Write one shipment per subscription with its job, in the caller's transaction. An event is shipped once to each."""
    rows = [
        Shipment(id=uuid7(), subscription=one, event=event, type=event_type, body=body, created_at=now)
        for one in subscriptions
    ]
    Shipment.objects.bulk_create(rows, ignore_conflicts=True)
    written = Shipment.objects.filter(pk__in=[row.pk for row in rows])
    jobs.post_many([_job(row) for row in written], now=now)


@transaction.atomic
def replay(shipment: Shipment, *, actor: Actor, now: datetime) -> None:
    """Send a shipment again, whatever came of it before."""
    allowed = [] if actor.can(REPLAY) else [Blocker("actor.no_power", _("Your role may not send events again."))]
    refuse_if(allowed, verb=REPLAY)
    Shipment.objects.filter(pk=shipment.pk).update(round=F("round") + 1, delivered_at=None)
    shipment.refresh_from_db()
    jobs.post_many([_job(shipment)], now=now)
    logger.info("webhooks.replayed shipment=%s by=%s", shipment.pk, actor.id)


def shipments_for(actor: Actor) -> QuerySet[Shipment]:
    """Everything sent, newest first, for those who keep the system running. No event names a person."""
    if not actor.can(REPLAY):
        return Shipment.objects.none()
    return Shipment.objects.select_related("subscription", "subscription__owner").order_by("-created_at", "-pk")


def _job(row: Shipment) -> jobs.NewJob:
    return jobs.NewJob(TOPIC, key=f"{TOPIC}:{row.pk}:{row.round}", body={"shipment": row.pk, "round": row.round})


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: base64 of HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
