"""Work of the outbox that every kind of case shares: sending messages and keeping the proof, and watching the clocks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from cases.clocks import sweep
from cases.kinds import kind_named
from cases.messages import SEND_TOPIC
from cases.models import Delivery, Document, Message
from jike.base.dates import now as current_instant
from jike.base.ids import uuid7
from jike.files import store
from jike.outbox import channels, jobs
from jike.privacy import open_sealed

logger = logging.getLogger(__name__)


@jobs.handler(SEND_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_message(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Send one message through its channel; the proof is recorded in the transaction that finishes the job."""
    message = Message.objects.select_related("party", "delivery").get(pk=job.body["message"])
    if hasattr(message, "delivery"):
        return None
    receipt = channels.get(message.channel).send(
        _address(message),
        open_sealed(message, "subject"),
        open_sealed(message, "body"),
        key=str(message.pk),
        attachments=_letters(message),
    )
    return lambda: record_delivery(message, receipt, now=current_instant())


@jobs.timer("clocks.watch")
def watch_clocks(now: datetime) -> None:
    """Mark clocks that passed a warning or their end. The row is the record; the queue shows it from the same dates."""
    late, warned = sweep.mark_breaches(now), sweep.mark_warnings(now)
    if late or warned:
        logger.info("clocks.watched breached=%d warned=%d", len(late), len(warned))


def _letters(message: Message) -> list[channels.Attachment]:
    """The letter of the decision an e-mail announces: who gets the notice by e-mail gets the letter itself."""
    if message.channel != Message.Channel.EMAIL or message.decision_id is None:
        return []
    letters = Document.objects.filter(decision_id=message.decision_id).select_related("file", "case")
    return [channels.Attachment(f"{d.case.number}.pdf", d.file.media_type, store.read(d.file)) for d in letters]


def _address(message: Message) -> str:
    if message.party is None or message.channel == Message.Channel.INBOX:
        return str(message.case_id)
    return open_sealed(message.party, "phone" if message.channel == Message.Channel.SMS else "email")


def record_delivery(message: Message, receipt: channels.Receipt, *, now: datetime) -> None:
    """Keep the proof that a channel accepted a message, and let the kind draw its conclusion (a decision becomes notified)."""
    kind = kind_named(message.case.kind)
    case = kind.model.locked(message.case_id)
    delivery = Delivery.objects.create(
        id=uuid7(),
        case_id=message.case_id,
        message=message,
        manner=message.channel,
        sent_at=receipt.accepted_at,
        provider=receipt.provider,
        provider_id=receipt.provider_id,
        created_at=now,
    )
    if kind.after_delivery:
        kind.after_delivery(case, message, delivery, now)
