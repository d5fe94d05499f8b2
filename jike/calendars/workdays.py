"""Working-day arithmetic on a frozen calendar. Pure: no database, no clock, no settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5

# The earliest day of a December that the next year's notice has ever named is the 29th (notice for 2019).
LAST_DAYS_OF_DECEMBER = 29


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days people work in mainland China, as far as the loaded notices say.

    `off` and `working` are the days the notices name; `years` are the years that have a notice. For other years
    `fixed_off` (month, day) and `expected_off` are the statute's own days off, and every answer is provisional.
    """

    off: frozenset[date] = field(default=frozenset(), repr=False)
    working: frozenset[date] = field(default=frozenset(), repr=False)
    years: frozenset[int] = frozenset()
    fixed_off: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)
    expected_off: frozenset[date] = field(default=frozenset(), repr=False)

    def is_working_day(self, day: date) -> bool:
        if day in self.off:
            return False
        if day in self.working:
            return True
        if day.weekday() >= SATURDAY:
            return False
        if day.year in self.years:
            return True
        return (day.month, day.day) not in self.fixed_off and day not in self.expected_off

    def is_provisional(self, year: int) -> bool:
        """Whether the notice of this year is not loaded."""
        return year not in self.years

    def is_provisional_day(self, day: date) -> bool:
        """Whether a notice still to come may change this day: its own year's, or for the last days of December the next."""
        late = day.month == 12 and day.day >= LAST_DAYS_OF_DECEMBER
        return self.is_provisional(day.year) or (late and self.is_provisional(day.year + 1))

    def are_provisional(self, days: Iterable[date]) -> bool:
        return any(self.is_provisional_day(day) for day in days)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return next(d for d in _days_after(day) if self.is_working_day(d))

    def working_day_on_or_after(self, day: date) -> date:
        return day if self.is_working_day(day) else self.next_working_day(day)

    def last_working_day_on_or_before(self, day: date) -> date:
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> tuple[date, bool]:
        """The `count`-th working day after `day`, and whether a notice still to come may move it. `day` is not counted."""
        end = day
        for _ in range(count):
            end = self.next_working_day(end)
        return end, self.are_provisional(_days_to(day, end))

    def working_days_between(self, day: date, last: date) -> int:
        """How many working days lie after `day`, up to and including `last`; 0 when `last` is not later."""
        return sum(self.is_working_day(d) for d in _days_to(day, last))


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += ONE_DAY
        yield day


def _days_to(day: date, last: date) -> Iterator[date]:
    """Every day after `day` up to and including `last`."""
    while day < last:
        day += ONE_DAY
        yield day
