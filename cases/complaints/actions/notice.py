"""Telling the consumer: the letter is issued, and the notice is recorded with its proof."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints import rules
from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.messages import release_messages
from cases.models import Decision, Delivery, Document, Message
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.files.models import StoredFile
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
        kind=Document.Kind.DECISION_LETTER,
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


@verb(Complaint, "complaints.notify", label=_("Record the notice"), blockers=rules.blockers_to_notify)
def notify_decision(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    proof: Delivery | None = None,
    waiver: str = "",
    manner: str = "",
    evidence: str = "",
    sent_at: datetime | None = None,
) -> None:
    """Record that the decision was sent: decided -> notified; the statutory clock stops at the time of sending.

    The worker gives `proof`, the delivery a channel accepted. A person gives `manner`, `sent_at` and `evidence` for a letter
    posted, handed over or told by telephone. Arrival does not matter. Source: O2020-3 art 18, art 19, art 21.
    """
    if proof is None and not waiver:
        proof = Delivery.objects.create(
            id=uuid7(),
            case_id=case.pk,
            manner=manner,
            sent_at=sent_at or now,
            evidence=evidence,
            recorded_by_id=actor.user,
            created_at=now,
        )
    case.mark_notified(proof=proof, waiver=waiver)
    clocks.stop(case, "CMP", at=proof.sent_at if proof else now, now=now)
    case.tell(delivery=str(proof.pk) if proof else None, manner=proof.manner if proof else None, waiver=waiver)
