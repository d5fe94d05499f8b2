"""Short words for the tests of time limits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from cases.clocks import dates
from cases.clocks.pauses import Pause
from cases.clocks.rules import load
from cases.clocks.steps import Extension
from jike.base.dates import CST
from jike.calendars.notices import shipped_calendar

CALENDAR = shipped_calendar()


def at(text: str) -> datetime:
    """An instant in Shanghai time, unless the text names another offset; `2026-09-28` is ten in the morning."""
    found = datetime.fromisoformat(text if "T" in text else f"{text}T10:00")
    return found if found.tzinfo else found.replace(tzinfo=CST)


def due(code: str, started: str, **more: Any) -> dates.Due:
    return dates.due(load().of(code)[-1], at(started), calendar=CALENDAR, **more)


def last_day(code: str, started: str, **more: Any) -> str | None:
    found = due(code, started, **more)
    assert found.at is None or found.at.astimezone(CST).time().isoformat() == "23:59:59"
    return found.day.isoformat() if found.day else None


def mediation(first: str, last: str | None, *, has_consent: bool = True) -> Pause:
    return Pause(
        "mediation", date.fromisoformat(first), date.fromisoformat(last) if last else None, has_consent=has_consent
    )


def appraisal(first: str, last: str | None, *, is_noticed: bool = True) -> Pause:
    return Pause(
        "appraisal", date.fromisoformat(first), date.fromisoformat(last) if last else None, is_noticed=is_noticed
    )


def step(
    code: str, asked: str, *, reason: str = "情况复杂", approved: str | None = None, noticed: str | None = None
) -> Extension:
    return Extension(
        load().of(code)[-1],
        at(asked),
        reason,
        approved_at=at(approved) if approved else None,
        noticed_at=at(noticed) if noticed else None,
    )


def summed(found: dates.Due) -> date:
    """The first day plus the days of every line that counts; each of these lines must say the day it reaches."""
    day = found.lines[0].day
    for line in (line for line in found.lines if line.counts):
        day += timedelta(days=line.days)
        assert line.day == day, line
    return day
