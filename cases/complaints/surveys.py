"""The satisfaction survey: opened with the notice, sent once outside quiet hours, counted only where it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Avg, Count

from cases.complaints import wordings
from cases.complaints.models import Complaint, Survey
from cases.queries import complainant_of
from jike.base.dates import CST, end_of_day
from jike.base.ids import uuid7


def open_survey(case: Complaint, *, now: datetime) -> None:
    """Invite the consumer once per told decision. No statute asks for it, so the text message leaves by day only. Source: house survey."""
    party = complainant_of(case)
    if party is None or Survey.objects.filter(decision_id=case.decision_id).exists():
        return
    Survey.objects.create(id=uuid7(), case_id=case.pk, decision_id=case.decision_id, opened_at=now)
    wordings.SURVEY.queue(case, party, now=now)


def open_survey_of(case: Complaint) -> Survey | None:
    """The survey that waits for an answer: that of the decision in force."""
    return Survey.objects.filter(case_id=case.pk, decision_id=case.decision_id, answered_at=None).first()


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Averages are of those who answered; `rate` is answered / invited, None when nobody was invited."""

    invited: int
    answered: int
    rate: float | None
    result: float | None
    speed: float | None
    conduct: float | None


def satisfaction(first: date, last: date) -> Satisfaction:
    """The surveys opened on the Shanghai days from `first` to `last`, both included. Silence is no answer. Source: house survey."""
    start = datetime.combine(first, time(), tzinfo=CST)
    rows = Survey.objects.filter(opened_at__gte=start, opened_at__lte=end_of_day(last)).aggregate(
        invited=Count("id"),
        answered=Count("answered_at"),
        **{name: Avg(name) for name in Survey.QUESTIONS},
    )
    rate = rows["answered"] / rows["invited"] if rows["invited"] else None
    return Satisfaction(rate=rate, **rows)
