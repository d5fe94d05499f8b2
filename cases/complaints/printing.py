"""Letters as HTML for the printer, from what is on record: the same document gives the same pages again."""

from __future__ import annotations

from django.conf import settings

from cases.complaints import letters
from cases.complaints.models import Complaint
from cases.models import Decision, Document, Event, Message
from jike.ledger.models import Entry
from jike.privacy import open_sealed

DECIDED = ("complaints.approve_decision", "complaints.decide_review")
ISSUED = "complaints.issue_notice"


def verify_url() -> str:
    return f"{settings.PUBLIC_BASE_URL}/verify/"


def proof_of(case: Complaint, *verbs: str) -> dict[str, str]:
    """The sealed entry of the latest of these acts, as printed on the document about it."""
    event = case.events.filter(verb__in=verbs or DECIDED).order_by("-seq").first()
    return sealed(event)


def sealed(event: Event) -> dict[str, str]:
    entry = Entry.objects.get(source=Event.LEDGER_SOURCE, source_id=event.pk)
    return {"seq": str(entry.seq), "digest": bytes(entry.digest).hex(), "mac": bytes(entry.mac).hex()}


def notice_of(case: Complaint, message: Message, *, code: str) -> str:
    """The letter of one notice, with the proof of the act that told it."""
    title, body = open_sealed(message, "subject"), open_sealed(message, "body")
    event = case.events.exclude(verb=ISSUED).get(data__letter=str(message.pk))
    return letters.notice_html(case, title, body, code=code, proof=sealed(event), verify_url=verify_url())


def decision_of(case: Complaint, decision: Decision, *, code: str) -> str:
    return letters.decision_letter_html(case, decision, code=code, proof=proof_of(case), verify_url=verify_url())


def again(document: Document) -> str:
    """An issued letter once more, for paper. `document` comes with its message and decision."""
    case = Complaint.objects.select_related("responsible_institution", "unit").get(pk=document.case_id)
    if document.message:
        return notice_of(case, document.message, code=document.code)
    assert document.decision is not None
    return decision_of(case, document.decision, code=document.code)
