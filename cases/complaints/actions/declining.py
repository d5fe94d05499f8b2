"""Declining: a handler asks with a ground, a second person confirms, and the consumer is told with proof."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.complaints import declines, wordings
from cases.complaints.actions.splitting import carry_on
from cases.complaints.models import Complaint
from cases.complaints.rules import declining as rules
from cases.handling.proof import proof_by_hand
from cases.models import Approval, Delivery, Message
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.verbs import verb

CONFIRM = "complaints.confirm_decline"


@verb(Complaint, "complaints.decline", label=_("Ask to decline"), blockers=rules.blockers_to_decline)
def decline_complaint(
    case: Complaint, *, actor: Actor, now: datetime, ground: str, explanation: str, remedies: str
) -> None:
    """Put a decline before a second person; the state does not change. `ground` is a code of `config/declines.yaml`.

    Where the message was no complaint but a question or a report, the second person also confirms what it goes on as: that is
    how a complaint is classified anew. Source: O2020-3 art 2, art 18, art 32.
    """
    request: approvals.Request = {"ground": ground, "explanation": explanation.strip(), "remedies": remedies.strip()}
    if (given := declines.ground_named(ground)) and given.opens:
        request["opens"] = given.opens
    approvals.ask(case, CONFIRM, actor=actor, now=now, request=request)
    case.tell(ground=ground)


@verb(Complaint, CONFIRM, label=_("Confirm the decline"), blockers=rules.blockers_to_confirm_decline)
def confirm_decline(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Decline the complaint: received or supplementing -> declined, and queue the notice. What was no complaint goes on as what it is.

    The case has not ended and its clock runs until the notice is sent: see `tell_decline`. Source: O2020-3 art 18, art 21.
    """
    approval = approvals.vote(case, CONFIRM, Approval.Verdict.APPROVED, actor=actor, now=now)
    asked = approvals.request_of(approval)
    approvals.void_all(case, now=now)
    case.mark_declined(code=str(asked["ground"]), at=now)
    case.tell(ground=case.decline_code)
    if asked.get("opens"):
        carry_on(case, str(asked["opens"]), actor=actor, now=now)
    party = complainant_of(case)
    if party:
        wordings.DECLINE.queue(case, party, now=now, **declines.words_of(asked))


@verb(
    Complaint,
    "complaints.tell_decline",
    label=_("Record the notice of decline"),
    blockers=rules.blockers_to_tell_decline,
)
def tell_decline(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    proof: Delivery | None = None,
    manner: str = "",
    evidence: str = "",
    sent_at: datetime | None = None,
) -> None:
    """The consumer was told: the case ends and its clocks stop at the time of sending. Source: O2020-3 art 18, art 21."""
    proof = proof or proof_by_hand(
        case, actor, manner=manner, evidence=evidence, sent_at=sent_at or now, now=now, purpose=Message.Purpose.DECLINE
    )
    case.notice, case.ended_at = proof, now
    clocks.stop_all(case, at=proof.sent_at, now=now)
    case.tell(delivery=str(proof.pk), manner=proof.manner)
