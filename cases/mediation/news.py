"""Telling the merchant that something waits at the link: one text message for each thing, by the outbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cases.mediation.models import Mediation
from jike.base.actors import Actor
from jike.outbox import jobs

NEWS_TOPIC = "mediation.send_news"


def tell_merchant(case: Mediation, actor: Actor, *, about: UUID, now: datetime, is_message: bool = False) -> None:
    """Queue the message about one offer, answer, round or draft, or that the mediator wrote; not of what the merchant did itself.

    Called inside a verb.
    """
    if actor.kind == "merchant":
        return
    key = f"{NEWS_TOPIC}:{about}:{case.version}"
    body = {"case": str(case.pk)} | ({"is_message": True} if is_message else {})
    jobs.post(NEWS_TOPIC, key=key, body=body, subject=case.pk, now=now)
