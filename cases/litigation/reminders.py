"""Reminders of time limits and hearings: jobs posted with the fact, for days before its end. What has stopped by then is not told.

Source: house lawsuit reminders, house R49.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cases.clocks.models import Clock
from cases.litigation.house_rules import house_rules
from cases.litigation.models import Hearing
from jike.base.dates import cst_date, start_of_day
from jike.outbox import jobs

CLOCK_TOPIC, HEARING_TOPIC = "litigation.remind_clock", "litigation.remind_hearing"


def of_clock(clock: Clock, *, now: datetime) -> None:
    """Post the reminders of a clock that has just been started; days that have passed already are left out."""
    days = house_rules().remind_days.get(clock.family, ())
    if clock.due_at:
        _post(CLOCK_TOPIC, "clock", clock.pk, clock.case_id, _moments(clock.due_at, days), now=now)


def of_hearing(hearing: Hearing, *, now: datetime) -> None:
    moments = _moments(hearing.at, house_rules().hearing_days)
    _post(HEARING_TOPIC, "hearing", hearing.pk, hearing.case_id, moments, now=now)


def _moments(end: datetime, days: Sequence[int]) -> Iterator[tuple[int, datetime]]:
    """Each number of days before the end, in the morning of that day in Shanghai."""
    for count in days:
        day = cst_date(end) - timedelta(days=count)
        yield count, start_of_day(day) + timedelta(hours=house_rules().remind_hour)


def _post(
    topic: str, name: str, pk: UUID, case_id: UUID, moments: Iterator[tuple[int, datetime]], *, now: datetime
) -> None:
    for count, at in moments:
        if at > now:
            key = f"{topic}:{pk}:{count}"
            jobs.post(topic, key=key, body={name: str(pk), "days": count}, subject=case_id, due_at=at, now=now)
