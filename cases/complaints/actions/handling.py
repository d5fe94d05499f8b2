"""Working on a complaint: who handles it, what it is about, what is noted and said."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints import letters, rules
from cases.complaints.models import Complaint
from cases.messages import queue_message
from cases.models import Message, Note
from cases.queries import complainant_of
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.claim", label=_("Take this case"), blockers=rules.blockers_to_claim)
def claim_complaint(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Take an unassigned complaint of one's own unit from the pool. No message: the consumer hears a name at acceptance."""
    case.assignee_id = actor.user
    case.tell(assignee=str(actor.id))


@verb(Complaint, "complaints.assign", label=_("Assign to somebody"), blockers=rules.blockers_to_assign)
def assign_complaint(case: Complaint, *, actor: Actor, now: datetime, to: User) -> None:
    """Give a complaint to a handler of the unit who is on duty. Refused while a decision waits for approval."""
    case.tell(assignee=str(to.pk), from_assignee=str(case.assignee_id) if case.assignee_id else None)
    case.assignee = to


@verb(Complaint, "complaints.classify", label=_("Set business and cause"), blockers=rules.blockers_to_classify)
def classify_complaint(case: Complaint, *, actor: Actor, now: datetime, business_code: str, cause_code: str) -> None:
    """Set the one business and the one primary cause heading, from the tables in force at receipt. Source: JRT0169"""
    case.tell(business=business_code, cause=cause_code, was_business=case.business_code, was_cause=case.cause_code)
    case.business_code, case.cause_code = business_code, cause_code


@verb(Complaint, "complaints.accept", label=_("Accept for investigation"), blockers=rules.blockers_to_accept)
def accept_complaint(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Accept the complaint: received -> investigating. The consumer is told who handles it and by when.

    Source: O2020-3 art 17, art 18.
    """
    case.mark_accepted(at=now)
    party = complainant_of(case)
    if party:
        letters.ACCEPTANCE.queue(
            case,
            party,
            channels=party.channels,
            now=now,
            number=case.number,
            handler=actor.label,
            due_at=case.next_due_at,
        )


@verb(
    Complaint, "complaints.note", label=_("Add an internal note"), blockers=rules.blockers_to_note, category="message"
)
def add_note(case: Complaint, *, actor: Actor, now: datetime, text: str) -> None:
    """Keep a note for colleagues. No party ever sees it."""
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=text, created_at=now)
    case.tell(note=str(note.pk))


@verb(
    Complaint,
    "complaints.message",
    label=_("Write to the consumer"),
    blockers=rules.blockers_to_message,
    category="message",
)
def send_message(
    case: Complaint, *, actor: Actor, now: datetime, text: str, channel: str = Message.Channel.INBOX
) -> None:
    """Write to the consumer; or, when the consumer acts, to the handler. Staff messages leave through the outbox.

    A staff message always lies in the portal inbox too, so that the consumer finds the whole correspondence in one place.
    """
    party = complainant_of(case)
    if actor.is_staff:
        channels = [Message.Channel.INBOX.value, *([channel] if channel != Message.Channel.INBOX else [])]
        sent = queue_message(
            case, party, purpose=Message.Purpose.LETTER, channels=channels, subject="投诉处理进展", body=text, now=now
        )
        case.tell(message=str(sent[-1].pk), channel=channel, direction="out")
        return
    message = Message.objects.create(
        id=uuid7(),
        case_id=case.pk,
        party=party,
        audience=Message.Audience.CONSUMER,
        channel=Message.Channel.INBOX,
        purpose=Message.Purpose.ANSWER,
        is_incoming=True,
        subject="",
        body=text,
        created_at=now,
    )
    case.tell(message=str(message.pk), channel="inbox", direction="in")
