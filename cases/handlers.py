"""Work of the outbox that every kind of case shares: sending messages and keeping the proof, and watching the clocks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from cases.clocks import sweep, telling
from cases.kinds import kind_named
from cases.messages import SEND_TOPIC, paper_of
from cases.models import Delivery, Document, Message
from cases.notices.escalation import escalate
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.ids import uuid7
from jike.files import pdf, store
from jike.outbox import channels, jobs
from jike.privacy import open_sealed

logger = logging.getLogger(__name__)

MOST_BATCHES = 40
LETTER_WAIT, LETTER_STEP = timedelta(minutes=2), 5


@jobs.handler(SEND_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_message(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Send one message through its channel; the proof is recorded in the transaction that finishes the job.

    An e-mail takes the letter along and waits a moment for it, never long: a notice is not delayed by its paper.
    """
    message = Message.objects.select_related("party", "delivery").get(pk=job.body["message"])
    if hasattr(message, "delivery"):
        return None
    if _letter_is_near(message, now=current_instant()):
        raise jobs.Postpone(LETTER_STEP, "letter.near")
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
    """Mark clocks that passed a warning or their end, and tell their cases. What one pass leaves over, the next one takes."""
    late, warned = sweep.mark_breaches(now), sweep.mark_warnings(now)
    clock, told = machine_actor("clock"), 0
    for _batch in range(MOST_BATCHES):
        took = telling.tell(actor=clock, now=now, then=escalate)
        told += took
        if not took:
            break
    if late or warned or told:
        logger.info("clocks.watched breached=%d warned=%d told=%d", late, warned, told)


def _letter_is_near(message: Message, *, now: datetime) -> bool:
    """Whether the letter an e-mail should carry is being printed at this moment."""
    if message.channel != Message.Channel.EMAIL or now - message.created_at > LETTER_WAIT:
        return False
    return paper_of(message).filter(paper=None).exists() and pdf.is_available()[0]


def _letters(message: Message) -> list[channels.Attachment]:
    """The letter an e-mail announces: who gets the notice by e-mail gets the letter itself."""
    if message.channel != Message.Channel.EMAIL:
        return []
    own = Q(message__in=paper_of(message))
    letters = Document.objects.filter(own | Q(decision_id=message.decision_id) if message.decision_id else own)
    return [
        channels.Attachment(f"{d.case.number}.pdf", d.file.media_type, store.read(d.file))
        for d in letters.select_related("file", "case")
    ]


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
