"""Queueing what is said to a party: rows written with the fact, sent afterwards by the outbox."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from cases.models import Case, Decision, Message, Party
from jike.base.ids import uuid7
from jike.outbox import jobs

SEND_TOPIC = "cases.send_message"


def queue_message(
    case: Case,
    party: Party | None,
    *,
    purpose: str,
    channels: list[str],
    subject: str,
    body: str,
    now: datetime,
    template: str = "",
    decision: Decision | None = None,
    hold: bool = False,
) -> list[Message]:
    """Write one message per channel and queue its sending in the same transaction.

    `hold` writes the rows without queueing: `release_messages` sends them once what they wait for exists.
    """
    messages = [
        Message(
            id=uuid7(),
            case_id=case.pk,
            party_id=party.pk if party else None,
            audience=Message.Audience.CONSUMER,
            channel=channel,
            purpose=purpose,
            template=template,
            subject=subject,
            body=body,
            decision=decision,
            created_at=now,
        )
        for channel in channels
    ]
    Message.objects.bulk_create(messages)
    if not hold:
        release_messages(messages, now=now)
    return messages


def release_messages(messages: list[Message], *, now: datetime) -> None:
    """Queue the sending of messages already written. Queueing twice sends once: the job's key is the message."""
    jobs.post_many(
        [
            jobs.NewJob(
                SEND_TOPIC, key=f"{SEND_TOPIC}:{message.pk}", body={"message": str(message.pk)}, subject=message.case_id
            )
            for message in messages
        ],
        now=now,
    )


def track_url() -> str:
    return f"{settings.PUBLIC_BASE_URL}/track/"
