"""What a decision promised, line by line, and what of it is still to be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from cases.complaints.house_rules import house_rules
from cases.complaints.models import Complaint, Redress
from cases.models import Decision
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.privacy import open_sealed


def make_promises(case: Complaint, decision: Decision, *, now: datetime) -> None:
    """One row per line of the redress; the amount belongs to the first. An amount without words is a promise too."""
    lines = [line.strip() for line in open_sealed(decision, "redress").splitlines() if line.strip()]
    if not lines and decision.redress_cny:
        lines = [f"{decision.redress_cny} CNY"]
    due_on = decision.redress_due_on or cst_date(now) + timedelta(days=house_rules().promise_days)
    for seq, line in enumerate(lines, start=1):
        Redress.objects.create(
            id=uuid7(),
            case_id=case.pk,
            decision=decision,
            seq=seq,
            what=line,
            amount_cny=decision.redress_cny if seq == 1 else Decimal(0),
            due_on=due_on,
        )


def open_promises(case: Complaint) -> QuerySet[Redress]:
    """The promises of the decision in force that nobody confirmed yet. A superseded decision's promises bind nobody."""
    return Redress.objects.filter(case_id=case.pk, decision_id=case.decision_id, confirmed_at=None).order_by("seq")
