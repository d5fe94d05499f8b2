"""Queueing what is said to a party: rows written with the fact, sent afterwards by the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from cases.models import Case, Decision, Message, Party
from cases.quiet import CONSUMER_HOURS
from jike.base.ids import uuid7
from jike.outbox import jobs

SEND_TOPIC = "cases.send_message"
PRINT_TOPIC = "cases.print_letter"
"""A message on paper is printed, not sent: the kind of the case draws it and issues it as a document."""
FAVOURS = frozenset({"survey"})
"""Purposes of messages that wait for the hours in which consumers may be asked for something. No notice is ever one of them."""


@dataclass(frozen=True, slots=True)
class Text:
    """What one channel says, word for word. `template` names the versioned text it was made of, empty for free words."""

    channel: str
    subject: str
    body: str
    template: str = ""


def queue_message(
    case: Case, party: Party | None, *, purpose: str, channels: list[str], subject: str, body: str, now: datetime, template: str = ""
) -> list[Message]:  # fmt: skip
    """The same words through every one of `channels`: see `queue_texts`."""
    texts = [Text(channel, subject, body, template) for channel in channels]
    return queue_texts(case, party, texts, purpose=purpose, now=now)


def queue_texts(
    case: Case,
    party: Party | None,
    texts: Sequence[Text],
    *,
    purpose: str,
    now: datetime,
    decision: Decision | None = None,
    hold: bool = False,
) -> list[Message]:
    """Write one message per text and queue its sending, or printing, in the same transaction.

    `hold` writes the rows without queueing: `release_messages` sends them once what they wait for exists.
    """
    messages = [
        Message(
            id=uuid7(),
            case_id=case.pk,
            party_id=party.pk if party else None,
            audience=Message.Audience.CONSUMER,
            channel=text.channel,
            purpose=purpose,
            template=text.template,
            subject=text.subject,
            body=text.body,
            decision=decision,
            created_at=now,
        )
        for text in texts
    ]
    case.bring(*messages, *([] if hold else _jobs_with(messages, now=now)))
    return messages


def release_messages(messages: list[Message], *, now: datetime) -> None:
    """Queue the sending or printing of messages already written. Queueing twice does it once: the job's key is the message.

    Whatever must be told leaves at once, at any hour; what only asks a favour waits for the day. Source: O2020-3 art 21.
    """
    for due_at, due in _by_hour(messages, now):
        jobs.post_many([_job_of(message) for message in due], now=now, due_at=due_at)


def _jobs_with(messages: list[Message], *, now: datetime) -> list[jobs.Job]:
    """The jobs of messages that are about to be written, to be written with them."""
    return [
        row
        for due_at, due in _by_hour(messages, now)
        for row in jobs.rows_for([_job_of(message) for message in due], now=now, due_at=due_at)
    ]


def _by_hour(messages: list[Message], now: datetime) -> Iterator[tuple[datetime | None, list[Message]]]:
    """Which of the messages leave when: at once (None), or when favours may be asked."""
    for waits in (False, True):
        if due := [message for message in messages if (message.purpose in FAVOURS) is waits]:
            yield CONSUMER_HOURS.earliest(now) if waits else None, due


def paper_of(message: Message) -> QuerySet[Message]:
    """The letter that says the same as `message`: written by the same act, for the same purpose."""
    same = Message.objects.filter(case_id=message.case_id, created_at=message.created_at, purpose=message.purpose)
    return same.filter(channel=Message.Channel.LETTER)


def letters_without_post(case: Case) -> list[Message]:
    """The printed letters of a case of which no posting is on record, newest first."""
    if not case.has("unposted"):
        return []
    written = case.messages.filter(channel=Message.Channel.LETTER, delivery=None, paper__isnull=False)
    return list(written.order_by("-created_at", "id"))


def _job_of(message: Message) -> jobs.NewJob:
    topic = PRINT_TOPIC if message.channel == Message.Channel.LETTER else SEND_TOPIC
    return jobs.NewJob(topic, key=f"{topic}:{message.pk}", body={"message": str(message.pk)}, subject=message.case_id)


def track_url() -> str:
    return f"{settings.PUBLIC_BASE_URL}/track/"
