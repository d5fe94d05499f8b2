"""Hours in which people may be spoken to. Pure: no database, no clock, no settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jike.base.dates import CST, cst_date


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from `first` until `last` of every day for which `is_open_day` holds, Shanghai time. Equal ends: always open."""

    first: time
    last: time
    is_open_day: Callable[[date], bool] = lambda day: True

    def earliest(self, at: datetime) -> datetime:
        """`at` itself when it lies in the open hours, else the next moment they begin."""
        local, day = at.astimezone(CST), cst_date(at)
        if self.is_open(at):
            return at
        if not self.is_open_day(day) or local.time() >= self.first:
            day += timedelta(days=1)
        while not self.is_open_day(day):
            day += timedelta(days=1)
        return datetime.combine(day, time.min if self.first == self.last else self.first, tzinfo=CST)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in the open hours; `last` itself no longer does."""
        local = at.astimezone(CST)
        return self.is_open_day(local.date()) and self._is_open(local.time())

    def _is_open(self, now: time) -> bool:
        if self.first <= self.last:
            return self.first == self.last or self.first <= now < self.last
        return now >= self.first or now < self.last
