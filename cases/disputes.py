"""What disputes there are about a loan, for whoever must keep its recording until they are over."""

from __future__ import annotations

from django.db.models import Max

from cases.models import Case
from lending.models import Loan
from lending.recordings.retention import Disputes, ask_disputes


def disputes_about(loan: Loan) -> Disputes:
    """Every case about the loan counts, of whatever kind, while it goes on and from its end. Source: house R62."""
    cases = Case.objects.filter(loan=loan)
    return Disputes(cases.filter(ended_at=None).exists(), cases.aggregate(last=Max("ended_at"))["last"])


ask_disputes(disputes_about)
