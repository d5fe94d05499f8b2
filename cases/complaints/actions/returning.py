"""Sending a request back to whoever asked."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.rules import returning as rules
from cases.models import Approval
from jike.base.actors import Actor
from jike.verbs import verb


@verb(Complaint, "complaints.return_request", label=_("Return the request"), blockers=rules.blockers_to_return_request)
def return_request(case: Complaint, *, actor: Actor, now: datetime, payload: str, reason: str) -> None:
    """Return what waits for a second person (anything but a decision) with what must be improved. Nothing else changes."""
    approval = approvals.request_waiting(case, actor, payload=payload)
    assert approval is not None
    approvals.vote(case, approval.verb, Approval.Verdict.RETURNED, actor=actor, now=now, reason=reason)
    case.tell(asked=approval.verb)
