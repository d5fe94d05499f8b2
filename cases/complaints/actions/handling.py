"""Working on a complaint: who handles it, what it is about, what is noted and said."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints import wordings
from cases.complaints.models import Complaint
from cases.complaints.rules import handling as rules
from cases.handling import acts
from cases.handling import rules as shared
from cases.models import Message, Note
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb

claim_complaint = verb(Complaint, "complaints.claim", label=_("Take this case"), blockers=shared.blockers_to_claim)(
    acts.claim
)

assign_complaint = verb(
    Complaint, "complaints.assign", label=_("Assign to somebody"), blockers=shared.blockers_to_assign
)(acts.assign)


@verb(Complaint, "complaints.classify", label=_("Set business and cause"), blockers=rules.blockers_to_classify)
def classify_complaint(
    case: Complaint, *, actor: Actor, now: datetime, business_code: str, cause_code: str, reason: str = ""
) -> None:
    """Set the one business and the one primary cause heading, from the tables in force at receipt. Source: JRT0169

    The `reason` of a change is kept as an internal note beside the old and the new codes.
    """
    case.tell(business=business_code, cause=cause_code, was_business=case.business_code, was_cause=case.cause_code)
    case.business_code, case.cause_code = business_code, cause_code
    if reason.strip():
        note = Note.objects.create(
            id=uuid7(), case_id=case.pk, author_id=actor.user, body=reason.strip(), created_at=now
        )
        case.tell(note=str(note.pk))


@verb(Complaint, "complaints.accept", label=_("Accept for investigation"), blockers=rules.blockers_to_accept)
def accept_complaint(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Accept the complaint: received -> investigating. The consumer is told who handles it and by when.

    Source: O2020-3 art 17, art 18.
    """
    case.mark_accepted(at=now)
    party = complainant_of(case)
    if party:
        wordings.ACCEPTANCE.queue(case, party, now=now, handler=actor.label, due_at=case.next_due_at)


add_note = verb(
    Complaint, "complaints.note", label=_("Add an internal note"), blockers=shared.blockers_to_note, category="message"
)(acts.add_note)


@verb(
    Complaint,
    "complaints.message",
    label=_("Write to the consumer"),
    blockers=shared.blockers_to_message,
    category="message",
)
def send_message(
    case: Complaint, *, actor: Actor, now: datetime, text: str, channel: str = Message.Channel.INBOX
) -> None:
    """Write to the consumer, or from the consumer to the handler."""
    acts.write(case, actor=actor, now=now, text=text, channel=channel, subject="投诉处理进展")
