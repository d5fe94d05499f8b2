"""What a message that was sent means for an inquiry."""

from __future__ import annotations

from datetime import datetime

from cases.inquiries.actions import notify_person
from cases.inquiries.models import Inquiry
from cases.inquiries.states import State
from cases.models import Delivery, Message
from jike.accounts.roles import machine_actor

WORKER = "outbox-worker"
TELLS = {Message.Purpose.REPLY: State.ANSWERED, Message.Purpose.ROUTING: State.ROUTED}


def after_delivery(case: Inquiry, message: Message, delivery: Delivery, now: datetime) -> None:
    """The latest answer or word of routing left by a channel of the person's: they are told. The portal inbox alone tells nobody."""
    if message.channel == Message.Channel.INBOX or case.told_id is not None:
        return
    since = case.routed_at or case.answered_at
    if TELLS.get(message.purpose) == case.state and since and message.created_at >= since:
        notify_person(case, actor=machine_actor(WORKER), now=now, proof=delivery)
