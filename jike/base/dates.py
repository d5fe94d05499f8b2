"""Shanghai dates. Instants are aware and stored in UTC; every legal day is a day in Asia/Shanghai (UTC+8, no summer time)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CST = ZoneInfo("Asia/Shanghai")


_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The current instant, aware. Edges call this once and pass it on as `now`."""
    return _pinned.get() or datetime.now(UTC)


@contextmanager
def pinned(at: datetime) -> Iterator[None]:
    """Let it be `at` inside the block, in this thread only: the demo tells a story that happened on earlier days."""
    token = _pinned.set(at)
    try:
        yield
    finally:
        _pinned.reset(token)


def cst_date(at: datetime) -> date:
    """The Shanghai date of an instant. 2026-09-28T16:30Z is 2026-09-29."""
    return at.astimezone(CST).date()


def end_of_day(day: date) -> datetime:
    """The last second of a Shanghai day, 23:59:59: an act at this second is in time, one at 00:00:00 is late."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=CST)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=CST)


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included; empty when `last` is earlier."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
