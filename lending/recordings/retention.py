"""How long a recording is kept: from the end of the loan, from the end of its last dispute, and never below a hold. Source: house R62."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date
from jike.base.errors import Blocker
from lending.models import Loan
from lending.recordings import queries
from lending.recordings.models import Recording
from lending.recordings.policy import Policy, policy_of

SOURCE = "house R62"


@dataclass(frozen=True, slots=True)
class Disputes:
    """Whether a dispute about a loan goes on, and when the last one ended."""

    is_open: bool = False
    ended_at: datetime | None = None


_askers: list[Callable[[Loan], Disputes]] = []


def ask_disputes(asker: Callable[[Loan], Disputes]) -> None:
    """Let an app above this one say what disputes there are about a loan."""
    if asker not in _askers:
        _askers.append(asker)


def disputes_about(loan: Loan) -> Disputes:
    told = [asker(loan) for asker in _askers]
    ends = [one.ended_at for one in told if one.ended_at]
    return Disputes(any(one.is_open for one in told), max(ends, default=None))


def loan_of(recording: Recording) -> Loan | None:
    """The loan that the contract became: the one registered under the application's number."""
    return Loan.objects.filter(contract_no=recording.contract.application).first()


def ended_at(loan: Loan) -> datetime | None:
    """When a loan that is over was over, as far as it was told: the newest document that says so."""
    if loan.state not in (Loan.State.SETTLED, Loan.State.CANCELLED):
        return None
    newest = loan.documents.order_by("-as_of_at").first()
    return newest.as_of_at if newest else None


def keep_until(recording: Recording, *, now: datetime) -> date | None:
    """The last day on which it is kept; None while nobody can say, because the loan or a dispute goes on."""
    policy = policy_of(recording.policy_version)
    loan = loan_of(recording)
    if loan is None:
        return _years_after(cst_date(recording.judged_at), policy.unused_years) if recording.judged_at else None
    end, disputes = ended_at(loan), disputes_about(loan)
    if end is None or disputes.is_open:
        return None
    return _later(cst_date(end), disputes, policy)


def _later(end: date, disputes: Disputes, policy: Policy) -> date:
    last = _years_after(end, policy.keep_years)
    if disputes.ended_at is None:
        return last
    return max(last, _years_after(cst_date(disputes.ended_at), policy.keep_dispute_years))


def blockers_to_destroy(recording: Recording, *, now: datetime) -> list[Blocker]:
    """A hold beats every period; what goes on has none yet."""
    found = []
    if queries.hold_on(recording):
        found.append(Blocker("recording.held", _("A legal hold stands: nothing is destroyed."), SOURCE))
    until = keep_until(recording, now=now)
    if until is None:
        message = _("The loan or a dispute about it goes on: nobody can say yet how long it is kept.")
        found.append(Blocker("recording.still_needed", message, SOURCE))
    elif cst_date(now) <= until:
        message = format_lazy(_("It is kept until {day}."), day=until.isoformat())
        found.append(Blocker("recording.kept", message, SOURCE))
    return found


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
