"""Deciding: a handler proposes, a second person approves or returns exactly what was proposed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases.complaints import letters, rules
from cases.complaints.models import Complaint
from cases.models import Approval, Decision
from cases.queries import complainant_of
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
) -> None:
    """Write the next version of the decision and ask a second person: investigating -> deciding.

    The approval is bound to the hash of every word and amount; a changed proposal is a new version with a new approval.
    `redress_cny` in yuan, rounded half up to the cent. Source: O2020-3 art 19.
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
        proposer_id=actor.user,
        proposed_at=now,
    )
    payload = decision.payload_sha256()
    decision.save(force_insert=True)
    Approval.objects.create(
        id=uuid7(),
        case_id=case.pk,
        verb=APPROVE,
        decision=decision,
        payload_sha256=payload,
        maker_id=actor.user,
        maker_person=actor.human,
        handler_person=case.assignee.person if case.assignee else None,
        unit_id=case.unit_id,
        asked_at=now,
    )
    case.mark_proposed()
    case.tell(decision=str(decision.pk), decision_version=decision.version, result=result, payload=payload.hex())


def _vote(case: Complaint, verdict: str, *, actor: Actor, now: datetime, reason: str = "") -> Approval:
    approval = Approval.objects.select_related("decision").get(case_id=case.pk, verb=APPROVE, verdict="")
    approval.verdict, approval.voter_id, approval.voter_person = verdict, actor.user, actor.human
    approval.reason, approval.voted_at = reason, now
    approval.save(update_fields=["verdict", "voter", "voter_person", "reason", "voted_at"])
    case.tell(
        approval=str(approval.pk), decision=str(approval.decision_id), payload=bytes(approval.payload_sha256).hex()
    )
    return approval


@verb(
    Complaint, "complaints.return_decision", label=_("Return the proposal"), blockers=rules.blockers_to_return_decision
)
def return_decision(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Send the proposal back with what must be improved: deciding -> investigating. The returned version stays on record."""
    _vote(case, Approval.Verdict.RETURNED, actor=actor, now=now, reason=reason)
    case.mark_returned()


@verb(Complaint, APPROVE, label=_("Approve the decision"), blockers=rules.blockers_to_approve_decision)
def approve_decision(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Approve exactly the proposal with hash `payload` (hex): deciding -> decided.

    Queues the letter and writes the notices, which leave as soon as the letter exists. The clock runs on until sending.
    Source: O2020-3 art 18, art 19.
    """
    approval = _vote(case, Approval.Verdict.APPROVED, actor=actor, now=now)
    assert approval.decision is not None
    case.mark_decided(decision=approval.decision, at=now)
    party = complainant_of(case)
    if party:
        letters.DECISION.queue(
            case, party, channels=party.channels, now=now, decision=approval.decision, hold=True, number=case.number
        )
    jobs.post(
        LETTER_TOPIC,
        key=f"{LETTER_TOPIC}:{approval.decision_id}",
        body={"case": str(case.pk), "decision": str(approval.decision_id)},
        subject=case.pk,
        now=now,
    )
