"""Deciding: a handler proposes, a second person approves or returns exactly what was proposed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints import wordings
from cases.complaints.models import Complaint
from cases.complaints.promises import make_promises
from cases.complaints.rules import deciding as rules
from cases.models import Approval, Decision
from cases.queries import complainant_of
from cases.wording import Wording
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.base.money import cny
from jike.outbox import jobs
from jike.verbs import verb

APPROVE = "complaints.approve_decision"
LETTER_TOPIC = "complaints.render_letter"


@verb(
    Complaint,
    "complaints.propose_decision",
    label=_("Propose the decision"),
    blockers=rules.blockers_to_propose_decision,
)
def propose_decision(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    result: str,
    findings: str,
    basis: str,
    reasons: str,
    remedies: str,
    redress: str = "",
    redress_cny: Decimal = Decimal(0),
    redress_due_on: date | None = None,
) -> None:
    """Write the next version of the decision and ask a second person: investigating -> deciding.

    The approval is bound to the hash of every word and amount; a changed proposal is a new version with a new approval.
    `redress_cny` in yuan, rounded half up to the cent; each line of `redress` is one promise, kept by `redress_due_on`.
    Source: O2020-3 art 19.
    """
    decision = Decision(
        id=uuid7(),
        case_id=case.pk,
        version=case.decisions.count() + 1,
        result=result,
        findings=findings,
        basis=basis,
        reasons=reasons,
        remedies=remedies,
        redress=redress,
        redress_cny=cny(redress_cny),
        redress_due_on=redress_due_on,
        proposer_id=actor.user,
        proposed_at=now,
    )
    decision.save(force_insert=True)
    approvals.ask(case, APPROVE, actor=actor, now=now, decision=decision)
    case.mark_proposed()
    case.tell(decision=str(decision.pk), decision_version=decision.version, result=result)


@verb(
    Complaint, "complaints.return_decision", label=_("Return the proposal"), blockers=rules.blockers_to_return_decision
)
def return_decision(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Send the proposal back with what must be improved: deciding -> investigating. The returned version stays on record."""
    approval = approvals.vote(case, APPROVE, Approval.Verdict.RETURNED, actor=actor, now=now, reason=reason)
    case.tell(decision=str(approval.decision_id))
    case.mark_returned()


@verb(Complaint, APPROVE, label=_("Approve the decision"), blockers=rules.blockers_to_approve_decision)
def approve_decision(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Approve exactly the proposal with hash `payload` (hex): deciding -> decided.

    Queues the letter and writes the notices, which leave as soon as the letter exists. The clock runs on until sending.
    Source: O2020-3 art 18, art 19.
    """
    approval = approvals.vote(case, APPROVE, Approval.Verdict.APPROVED, actor=actor, now=now)
    assert approval.decision is not None
    approvals.void_all(case, now=now)
    case.tell(decision=str(approval.decision_id))
    case.mark_decided(decision=approval.decision, at=now)
    announce(case, approval.decision, wordings.DECISION, now=now)


def announce(case: Complaint, decision: Decision, wording: Wording, *, now: datetime) -> None:
    """What every decision in force sets going: its promises, its letter, and the notices that wait for the letter."""
    make_promises(case, decision, now=now)
    party = complainant_of(case)
    if party:
        wording.queue(case, party, now=now, decision=decision, hold=True)
    jobs.post(
        LETTER_TOPIC,
        key=f"{LETTER_TOPIC}:{decision.pk}",
        body={"case": str(case.pk), "decision": str(decision.pk)},
        subject=case.pk,
        now=now,
    )
