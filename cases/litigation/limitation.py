"""How long the claim can be brought to court: from the day it was known, with everything that interrupts or suspends it. Pure.

Each stretch is a count of the clock engine with its own lines; the last one holds. Source: CC art 188, CC art 189, CC art 194, CC art 195.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.clocks import dates
from cases.clocks import rules as clock_rules
from jike.base.dates import start_of_day
from jike.calendars.workdays import Calendar


class Kind(models.TextChoices):
    """What interrupts limitation, and the obstacle that suspends it. Source: CC art 194, CC art 195, LIM2020."""

    DEMAND = "demand", pgettext_lazy("limitation", "Demand that reached the other side")
    PROMISE = "promise", pgettext_lazy("limitation", "The other side promised or paid a part")
    SUIT = "suit", pgettext_lazy("limitation", "Claim handed in at a court")
    PAYMENT_ORDER = "payment_order", pgettext_lazy("limitation", "Payment order applied for")
    MEDIATION = "mediation", pgettext_lazy("limitation", "Mediation by a body asked for")
    POLICE = "police", pgettext_lazy("limitation", "Police report asking to protect the claim")
    OBSTACLE = "obstacle", pgettext_lazy("limitation", "Obstacle within the last six months")


PROCEEDINGS = frozenset({Kind.SUIT.value, Kind.PAYMENT_ORDER.value, Kind.MEDIATION.value, Kind.POLICE.value})
"""What goes on for a while: the count begins anew when its end is known."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened. `until` is when a proceeding or an obstacle ended, None while it goes on. `of` is the number of the case in
    which it is kept, empty for what is recorded here."""

    kind: str
    on: date
    until: date | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One count: why it began (empty for the first), from which day, the arithmetic, and the case it was read in, if another one."""

    why: str
    start: date
    due: dates.Due
    of: str = ""


@dataclass(frozen=True, slots=True)
class Limitation:
    """Every stretch, oldest first; what stands against the count going on; and the longest period of all.

    `waits_for` is the proceeding or obstacle that goes on, and then nothing runs. `lapsed_on` is the day on which it was over before
    anything interrupted it again.
    """

    stretches: tuple[Stretch, ...]
    cap: dates.Due
    waits_for: str = ""
    lapsed_on: date | None = None

    @property
    def running(self) -> Stretch | None:
        return None if self.waits_for else self.stretches[-1]

    @property
    def last_day(self) -> date | None:
        """The last day on which the claim can be brought: of the running count, and never after the longest period."""
        ends = [self.running.due.day, self.cap.day] if self.running else [self.cap.day]
        return min((day for day in ends if day is not None), default=None) if self.running else None


def count(
    base_on: date, facts: Iterable[Fact], *, harmed_on: date, received_on: date, calendar: Calendar
) -> Limitation:
    """The whole arithmetic. `base_on` is the day the harm and whoever answers for it were known, of a debt in instalments the last due
    day; `harmed_on` begins the twenty years. What happened after the count was over changes nothing any more.
    """
    lim = clock_rules.rule("LIM", on=received_on)
    cap = dates.due(clock_rules.rule("LIM_CAP", on=received_on), start_of_day(harmed_on), calendar=calendar)
    found = [Stretch("", base_on, dates.due(lim, start_of_day(base_on), calendar=calendar))]
    for fact in sorted(facts, key=lambda fact: (fact.on, fact.kind)):
        last = found[-1].due.day
        assert last is not None
        if fact.on > last:
            return Limitation(tuple(found), cap, lapsed_on=last)
        if fact.kind == Kind.OBSTACLE:
            if fact.until is None:
                return Limitation(tuple(found), cap, waits_for=fact.kind)
            if fact.until >= first_of_last_months(last):
                after = clock_rules.rule("LIM_AFTER", on=received_on)
                found.append(Stretch(fact.kind, fact.until, dates.due(after, start_of_day(fact.until), calendar=calendar)))  # fmt: skip
            continue
        if fact.kind in PROCEEDINGS and fact.until is None:
            return Limitation(tuple(found), cap, waits_for=fact.kind)
        start = fact.until if fact.kind in PROCEEDINGS and fact.until else fact.on
        if start > found[-1].start:  # what happened meanwhile never makes it shorter
            found.append(Stretch(fact.kind, start, dates.due(lim, start_of_day(start), calendar=calendar), fact.of))
    return Limitation(tuple(found), cap)


def first_of_last_months(last: date) -> date:
    """The first day of the six months before `last`, in which an obstacle suspends. Source: CC art 194."""
    return dates.months_later(last, -6) + timedelta(days=1)
