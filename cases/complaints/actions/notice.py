"""Telling the consumer: the letter is issued, and the notice is recorded with its proof."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.complaints import letters
from cases.complaints.models import Attempt, Complaint
from cases.complaints.rules import notice as rules
from cases.complaints.rules.notice import WAIVE
from cases.complaints.rules.reviewing import can_be_reviewed
from cases.complaints.states import State
from cases.complaints.surveys import open_survey
from cases.complaints.telling import attempts_of, in_time_since, tries_of
from cases.messages import release_messages
from cases.models import Approval, Decision, Delivery, Document, Message
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.files.models import StoredFile
from jike.privacy import mask_phone
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.issue_letter",
    label=_("Issue the letter"),
    blockers=rules.blockers_to_issue_letter,
    category="document",
    by_hand=False,
)
def issue_letter(
    case: Complaint, *, actor: Actor, now: datetime, decision: Decision, file: StoredFile, code: str, template: str
) -> None:
    """Record the rendered decision letter; its hash is sealed with this event, and the waiting notices may leave.

    No state changes. A second letter for the same decision is refused.
    """
    document = Document.objects.create(
        id=uuid7(),
        case_id=case.pk,
        kind=Document.Kind.REVIEW_LETTER if template == letters.REVIEW_LETTER else Document.Kind.DECISION_LETTER,
        code=code,
        template=template,
        decision=decision,
        file=file,
        created_at=now,
    )
    if case.state == State.DECIDED:
        held = Message.objects.filter(case_id=case.pk, decision=decision, is_incoming=False, delivery=None)
        release_messages(list(held), now=now)
    case.tell(document=str(document.pk), decision=str(decision.pk), sha256=bytes(file.sha256).hex())


@verb(
    Complaint,
    "complaints.issue_receipt",
    label=_("Issue the receipt"),
    blockers=rules.blockers_to_issue_receipt,
    category="document",
    by_hand=False,
)
def issue_receipt(case: Complaint, *, actor: Actor, now: datetime, file: StoredFile, code: str, template: str) -> None:
    """Record the rendered receipt of filing; its hash is sealed with this event. No state changes, and there is only one."""
    document = Document.objects.create(
        id=uuid7(),
        case_id=case.pk,
        kind=Document.Kind.RECEIPT,
        code=code,
        template=template,
        file=file,
        created_at=now,
    )
    case.tell(document=str(document.pk), sha256=bytes(file.sha256).hex())


@verb(
    Complaint,
    "complaints.issue_notice",
    label=_("Issue the notice by letter"),
    blockers=rules.blockers_to_issue_notice,
    category="document",
    by_hand=False,
)
def issue_notice(
    case: Complaint, *, actor: Actor, now: datetime, message: Message, file: StoredFile, code: str
) -> None:
    """Record the printed letter of one notice; its hash is sealed with this event. No state changes, and no second one."""
    document = Document.objects.create(
        id=uuid7(),
        case_id=case.pk,
        kind=Document.Kind.NOTICE,
        code=code,
        template=message.template,
        message=message,
        file=file,
        created_at=now,
    )
    case.tell(document=str(document.pk), letter=str(message.pk), sha256=bytes(file.sha256).hex())


@verb(Complaint, "complaints.notify", label=_("Record the notice"), blockers=rules.blockers_to_notify)
def notify_decision(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    proof: Delivery | None = None,
    manner: str = "",
    evidence: str = "",
    sent_at: datetime | None = None,
    number_called: str = "",
    answered: bool = True,
) -> None:
    """Record that the decision was sent: decided -> notified; the statutory clock stops at the time of sending.

    The worker gives `proof`, the delivery a channel accepted. A person gives `manner`, `sent_at` and `evidence` (the postal
    number, the signed receipt, the number of the recording) for a letter posted, handed over or told by telephone; a call needs
    `number_called`, which is kept masked. Arrival does not matter. Source: O2020-3 art 18, art 19, art 21.
    """
    if proof is None:
        proof = Delivery.objects.create(
            id=uuid7(),
            case_id=case.pk,
            manner=manner,
            sent_at=sent_at or now,
            evidence=evidence,
            number_mask=mask_phone(number_called) if manner == Delivery.Manner.CALL else "",
            recorded_by_id=actor.user,
            created_at=now,
        )
    case.mark_notified(proof=proof)
    _told(case, at=in_time_since(case, proof), since=proof.sent_at, now=now)
    case.tell(delivery=str(proof.pk), manner=proof.manner)


def _told(case: Complaint, *, at: datetime, since: datetime, now: datetime) -> None:
    """The duty to decide or to review ended `at`; the consumer's right to ask for a review runs `since`, and the survey opens.

    Source: O2020-3 art 18, art 20.
    """
    approvals.void_all(case, now=now)
    for family in ("CMP", "CMP_AGREED", "REV_DEC"):
        clocks.stop(case, family, at=at, now=now)
    if can_be_reviewed(case):
        clocks.start(case, "REV_REQ", at=since, now=now)
    open_survey(case, now=now)


@verb(
    Complaint,
    "complaints.record_attempt",
    label=_("Record a failed attempt"),
    blockers=rules.blockers_to_record_attempt,
)
def record_attempt(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    manner: str,
    at: datetime,
    outcome: str,
    evidence: str,
    number_called: str = "",
) -> None:
    """Keep an attempt to tell the decision that failed. No state changes; the row is never edited.

    Source: O2020-3 art 21, house unreachable.
    """
    assert case.decision is not None
    attempt = Attempt.objects.create(
        id=uuid7(),
        case_id=case.pk,
        decision=case.decision,
        manner=manner,
        outcome=outcome,
        at=at,
        number_mask=mask_phone(number_called) if manner in (Delivery.Manner.CALL, Delivery.Manner.SMS) else "",
        evidence=evidence,
        recorded_by_id=actor.user,
        created_at=now,
    )
    case.tell(attempt=str(attempt.pk), manner=manner, outcome=outcome)


@verb(Complaint, "complaints.ask_waiver", label=_("Ask to waive the notice"), blockers=rules.blockers_to_ask_waiver)
def ask_waiver(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Ask a second person to accept that the consumer cannot be reached; the case waits where it is.

    Source: O2020-3 art 21, house unreachable.
    """
    tries = tries_of(case)
    request: approvals.Request = {"reason": reason, "attempts": tries.attempts, "channels": tries.channels}
    approvals.ask(case, WAIVE, actor=actor, now=now, request=request | {"days": tries.days})


@verb(Complaint, WAIVE, label=_("Waive the notice"), blockers=rules.blockers_to_waive_notice)
def waive_notice(case: Complaint, *, actor: Actor, now: datetime, verdict: str, payload: str, reason: str = "") -> None:
    """Accept that the consumer is unreachable: decided -> notified with a waiver; or return the request with a `reason`.

    The clock stops with the last of the attempts, each of which was made in time or not; the evidence are their rows.
    Source: O2020-3 art 21, house unreachable.
    """
    approvals.vote(case, WAIVE, verdict, actor=actor, now=now, reason=reason)
    if verdict != Approval.Verdict.APPROVED:
        return
    last = attempts_of(case).values_list("at", flat=True).last() or now
    case.mark_notice_waived(waiver=Complaint.Waiver.UNREACHABLE, at=last)
    case.tell(waiver=case.notice_waiver)
    _told(case, at=last, since=now, now=now)
