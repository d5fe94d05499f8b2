"""Work of the outbox that only complaints have: rendering the decision letter, and what a sent notice means."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from cases.complaints import letters, printing, wordings
from cases.complaints.actions import (
    change_phone,
    close_complaint,
    count_pause,
    issue_letter,
    issue_notice,
    issue_receipt,
    notify_decision,
    settle_extension,
    tell_decline,
)
from cases.complaints.actions.contacts import FOLLOW_TOPIC
from cases.complaints.actions.deciding import LETTER_TOPIC
from cases.complaints.actions.filing import FILE, RECEIPT_TOPIC
from cases.complaints.house_rules import house_rules
from cases.complaints.models import ClockPause, Complaint, Extension, PhoneChange, Redress
from cases.complaints.states import State
from cases.messages import PRINT_TOPIC
from cases.models import Decision, Delivery, Document, Message, Party
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.base.ids import code_from
from jike.files import pdf, store
from jike.outbox import jobs
from jike.privacy import blind_index, open_sealed

WORKER, TIMER, CONTACTS = "outbox-worker", "clock", "contacts"
CLOSE_AT_ONCE = 200


@jobs.handler(LETTER_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def render_letter(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Render the letter of an approved decision, keep it sealed under the case's key and issue it.

    Without Pango the job waits visibly and names the remedy. A letter that exists already is not made again.
    """
    case = Complaint.objects.select_related("responsible_institution", "unit").get(pk=job.body["case"])
    decision = Decision.objects.get(pk=job.body["decision"])
    if case.documents.filter(decision=decision).exists():
        return None
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    code = code_from(blind_index("document", str(decision.pk)))  # a repeated rendering makes the same letter again
    html = printing.decision_of(case, decision, code=code)
    title = "核查决定书" if letters.letter_of_decision(decision) == letters.REVIEW_LETTER else "决定书"
    content = pdf.render(html, title=f"{wordings.DECISION.subject} {case.number}", at=case.decided_at)
    stored = store.put(
        case.pk, content, media_type="application/pdf", display_name=f"{case.number}-{title}.pdf", now=current_instant()
    )
    return lambda: issue_letter(
        case,
        actor=machine_actor(WORKER),
        now=current_instant(),
        decision=decision,
        file=stored,
        code=code,
        template=letters.letter_of_decision(decision),
    )


@jobs.handler(RECEIPT_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def render_receipt(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Render the receipt of a complaint filed in the portal and issue it; made again after a crash, it is the same."""
    case = Complaint.objects.select_related("responsible_institution", "unit").get(pk=job.body["case"])
    if case.documents.filter(kind=Document.Kind.RECEIPT).exists():
        return None
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    code = code_from(blind_index("document", f"receipt|{case.pk}"))
    html = letters.receipt_html(case, code=code, proof=printing.proof_of(case, FILE), verify_url=printing.verify_url())
    content = pdf.render(html, title=f"投诉回执 {case.number}", at=case.registered_at)
    stored = store.put(
        case.pk, content, media_type="application/pdf", display_name=f"{case.number}-回执.pdf", now=current_instant()
    )
    return lambda: issue_receipt(
        case,
        actor=machine_actor(WORKER),
        now=current_instant(),
        file=stored,
        code=code,
        template=letters.RECEIPT_LETTER,
    )


@jobs.handler(PRINT_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def print_notice(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Print the letter of a notice from the text that was written with the fact, and issue it; printed again, it is the same."""
    message = Message.objects.get(pk=job.body["message"])
    case = Complaint.objects.select_related("responsible_institution").get(pk=message.case_id)
    if case.documents.filter(message=message).exists():
        return None
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    code = code_from(blind_index("document", f"notice|{message.pk}"))
    title, html = open_sealed(message, "subject"), printing.notice_of(case, message, code=code)
    content = pdf.render(html, title=f"{title} {case.number}", at=message.created_at)
    stored = store.put(
        case.pk, content, media_type="application/pdf", display_name=f"{case.number}-{title}.pdf", now=current_instant()
    )
    return lambda: issue_notice(
        case, actor=machine_actor(WORKER), now=current_instant(), message=message, file=stored, code=code
    )


@jobs.handler(FOLLOW_TOPIC, queue="notify", max_attempts=10, lease_seconds=60)
def follow_phone(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """A person's other cases under the old number take over the new one too: nothing more is sent to a phone that was given up."""
    change = PhoneChange.objects.get(pk=job.body["change"])
    return lambda: _follow(change)


def _follow(change: PhoneChange) -> None:
    new = Party.objects.filter(
        case_id=change.case_id, phone_index=change.new_index, role=Party.Role.COMPLAINANT
    ).first()
    if new is None:
        return  # changed once more meanwhile: that change has a job of its own
    old = Party.objects.filter(case_id=OuterRef("pk"), role=Party.Role.COMPLAINANT, phone_index=change.old_index)
    others = Complaint.objects.filter(Exists(old), consumer=change.person_id, is_historical=False)
    for case in others.exclude(pk=change.case_id).order_by("pk"):
        change_phone(
            case,
            actor=machine_actor(CONTACTS),
            now=current_instant(),
            key=str(change.pk),
            phone=open_sealed(new, "phone"),
        )


@jobs.timer("complaints.close")
def close_told(now: datetime) -> None:
    """Close what was told long enough ago and has kept every promise; whatever the rule refuses stays for people."""
    before = now - timedelta(days=house_rules().close_after_days)
    told = Complaint.objects.filter(state=State.NOTIFIED, is_historical=False, notified_at__lt=before)
    unkept = Redress.objects.filter(decision=OuterRef("decision"), confirmed_at=None)
    for case in told.exclude(Exists(unkept)).order_by("notified_at")[:CLOSE_AT_ONCE]:
        with suppress(Refused):
            close_complaint(case, actor=machine_actor(TIMER), now=now)


def after_delivery(case: Complaint, message: Message, delivery: Delivery, now: datetime) -> None:
    """What a notice that a channel accepted brings about. The portal inbox alone is no notice. Source: O2020-3 art 21."""
    follows = _AFTER.get(message.purpose)
    if follows and message.channel != Message.Channel.INBOX:
        follows(case, message, delivery, now)


def _decision_told(case: Complaint, message: Message, delivery: Delivery, now: datetime) -> None:
    if case.state == State.DECIDED and message.decision_id == case.decision_id:
        notify_decision(case, actor=machine_actor(WORKER), now=now, proof=delivery)


def _decline_told(case: Complaint, message: Message, delivery: Delivery, now: datetime) -> None:
    if case.state == State.DECLINED and case.notice_id is None:
        tell_decline(case, actor=machine_actor(WORKER), now=now, proof=delivery)


def _extension_told(case: Complaint, message: Message, delivery: Delivery, now: datetime) -> None:
    if Extension.objects.filter(case_id=case.pk, outcome="", approved_at=message.created_at).exists():
        settle_extension(case, actor=machine_actor(WORKER), now=now, proof=delivery)


def _appraisal_told(case: Complaint, message: Message, delivery: Delivery, now: datetime) -> None:
    if ClockPause.objects.filter(
        case_id=case.pk, started_at=message.created_at, kind="appraisal", notice=None
    ).exists():
        count_pause(case, actor=machine_actor(WORKER), now=now, proof=delivery)


_AFTER = {
    Message.Purpose.DECISION.value: _decision_told,
    Message.Purpose.DECLINE.value: _decline_told,
    Message.Purpose.EXTENSION.value: _extension_told,
    Message.Purpose.PAUSE.value: _appraisal_told,
}
