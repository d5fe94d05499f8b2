"""May a decision be proposed, returned or approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.rules.parts import blockers_to_parts, day_in_the_past, no_review_body
from cases.handling.recusal_rules import waiting_request
from cases.models import Approval
from cases.rules import (
    handler_only,
    missing,
    no_power,
    other_unit,
    too_long,
    wrong_state,
)
from cases.tasks import waiting_tasks
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_propose_decision(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    result: Any = UNASKED,
    findings: Any = UNASKED,
    basis: Any = UNASKED,
    reasons: Any = UNASKED,
    remedies: Any = UNASKED,
    redress: Any = UNASKED,
    redress_cny: Any = UNASKED,
    redress_due_on: Any = UNASKED,
) -> list[Blocker]:
    """Every statutory part must be filled, and the case classified. Source: O2020-3 art 19."""
    found = handler_only(case, actor, "complaints.propose_decision") + wrong_state(case, case.mark_proposed)
    if not (case.business_code and case.cause_code):
        found.append(Blocker("case.not_classified", _("Set the business and cause headings first.")))
    found += waiting_tasks(case, "complaints.propose_decision")
    found += blockers_to_parts(
        result=result,
        findings=findings,
        basis=basis,
        reasons=reasons,
        remedies=remedies,
        redress=redress,
        redress_cny=redress_cny,
    )
    return found + no_review_body(case, remedies) + day_in_the_past(redress_due_on, "redress_due_on", now=now)


def _open_approval(case: Complaint) -> Approval | None:
    return approvals.waiting_for(case, "complaints.approve_decision")


def blockers_to_return_decision(
    case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED
) -> list[Blocker]:
    barred = no_power(actor, "complaints.return_decision") + wrong_state(case, case.mark_returned)
    found = [*barred, *other_unit(case, actor)]
    found += approvals.second_person(case, actor, None if barred else _open_approval(case))
    return found + missing(reason, "reason", _("Say what must be improved.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_approve_decision(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED
) -> list[Blocker]:
    """`payload` is the hash of the decision the supervisor looked at: a vote counts only for exactly those words."""
    barred = no_power(actor, "complaints.approve_decision") + wrong_state(case, case.mark_decided)
    found = [*barred, *other_unit(case, actor)]
    approval = None if barred else _open_approval(case)
    if approval is None and not barred:
        found.append(Blocker("approval.none", _("There is no proposal to approve.")))
    found += approvals.second_person(case, actor, approval)
    if approval and approval.maker_person in case.recused_people:
        message = _("Whoever proposed this is recused. Return it; another handler proposes.")
        found.append(Blocker("proposal.by_recused", message, "O2020-3 art 17"))
    if waiting_request(case):
        message = _("A request for recusal waits. Decide on it first.")
        found.append(Blocker("recusal.waiting", message, "O2020-3 art 17"))
    if approval and payload is not UNASKED and bytes(approval.payload_sha256).hex() != payload:
        found.append(Blocker("approval.changed", _("The proposal changed since you opened it. Read it again.")))
    return found
