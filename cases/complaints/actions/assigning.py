"""Distributing complaints: to the best handler on duty, or to another unit that accepts them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.rules import assigning as rules
from cases.handling import acts
from cases.handling import rules as shared
from cases.models import Approval
from jike.accounts.models import Unit
from jike.base.actors import Actor
from jike.verbs import verb

ACCEPT_TRANSFER = "complaints.accept_transfer"


auto_assign = verb(
    Complaint,
    "complaints.auto_assign",
    label=_("Assign to the best handler"),
    blockers=shared.blockers_to_auto_assign,
)(acts.auto_assign)


@verb(Complaint, "complaints.transfer", label=_("Transfer to another unit"), blockers=rules.blockers_to_transfer)
def transfer(case: Complaint, *, actor: Actor, now: datetime, to: Unit, reason: str) -> None:
    """Ask another unit to take the case over. It stays where it is until a supervisor there accepts; the clock runs on."""
    request: approvals.Request = {"unit": str(to.pk), "reason": reason}
    approvals.ask(case, ACCEPT_TRANSFER, actor=actor, now=now, request=request, unit=to)
    case.tell(unit=to.code)


@verb(Complaint, ACCEPT_TRANSFER, label=_("Accept the transfer"), blockers=rules.blockers_to_accept_transfer)
def accept_transfer(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Take the case into one's own unit, unassigned. Its clocks and its history come along unchanged."""
    approval = approvals.vote(case, ACCEPT_TRANSFER, Approval.Verdict.APPROVED, actor=actor, now=now)
    case.tell(from_unit=case.unit.code, from_assignee=str(case.assignee_id) if case.assignee_id else None)
    case.unit, case.assignee = approval.unit, None


@verb(
    Complaint,
    "complaints.return_transfer",
    label=_("Return the transfer"),
    blockers=rules.blockers_to_return_transfer,
)
def return_transfer(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Decline to take the case over; it stays with the unit that asked."""
    approvals.vote(case, ACCEPT_TRANSFER, Approval.Verdict.RETURNED, actor=actor, now=now, reason=reason)
