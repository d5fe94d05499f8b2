"""The arithmetic of time limits: from a start to the last moment, line by line. Pure: no database, no clock, no settings.

Days are Shanghai days. The day of the start is not counted. Every `Due` carries its lines, and the lines that count add up
from the day of the start to the last day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from cases.clocks.pauses import Pause, Stretch, blockers_to_pause, stretches_of
from cases.clocks.rules import Rule
from cases.clocks.steps import VOIDING, Extension, blockers_to_extend, is_late
from jike.base.dates import CST, cst_date, end_of_day
from jike.base.errors import refuse_if
from jike.calendars.workdays import Calendar

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MORNING = time(9)
MONTHS = {"month": 1, "year": 12}

LineKey = Literal[
    "start",
    "start_hour",
    "period",
    "extension",
    "extension_void",
    "pause",
    "pause_void",
    "pause_too_late",
    "roll",
    "suspended",
    "civil_code_203",
    "strict_day",
    "warn_day",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the arithmetic: `days` calendar days move the date to `day`.

    Lines with `counts` false say something beside the sum and do not move it: their `day` stands alone. `values` are what the
    label prints (counts, codes, ISO dates), see `cases.clocks.labels`.
    """

    key: LineKey
    days: int
    day: date
    source: str = ""
    counts: bool = True
    is_provisional: bool = False
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock ends. `at` is None while it is suspended, and then `left` days remain when it goes on.

    `provisional` means that a holiday notice still to come may move `at`. `warn_on` is the last working day on or before it,
    `warnings` are the instants at which the percentages of the rule are told, none while suspended.
    """

    rule: Rule
    started_at: datetime
    at: datetime | None
    provisional: bool
    lines: tuple[Line, ...]
    left: int | None = None
    warn_on: date | None = None
    warnings: tuple[datetime, ...] = ()

    @property
    def day(self) -> date | None:
        return cst_date(self.at) if self.at else None


def due(
    rule: Rule,
    started_at: datetime,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    length: int | None = None,
    calendar: Calendar,
) -> Due:
    """When a clock of `rule` that started at `started_at` ends.

    `extensions` are steps from `rule` onwards, in the order taken; one that was not approved or not told in time stays on
    record and moves nothing. `length` replaces the rule's own where somebody else sets it (a court, an agreement).
    Raises `Refused` for a pause or a step that may not be.
    Source: O2020-3 art 18, O2020-3 art 23, O2020-3 art 43, CC art 201, CC art 202, CC art 203.
    """
    if length is not None and not rule.length_given:
        raise ValueError(f"{rule.code} has a fixed length")
    length = rule.length if length is None else length
    if rule.unit == "hour":
        refuse_if(blockers_to_pause(rule, pauses))
        return _exact(rule, started_at, length)
    run = _run(rule, started_at, pauses, length, calendar)
    for step in extensions:
        found = blockers_to_extend(run.rule, step, due_at=run.due_at)
        refuse_if(blocker for blocker in found if blocker.code not in VOIDING)
        run = run.without(step, [blocker.code for blocker in found]) if found else run.extended(step)
    return run.finished()


def is_overdue(
    due_at: datetime | None, *, decided_at: datetime | None, told_at: datetime | None, now: datetime
) -> bool:
    """Whether a duty to decide AND tell is late; what has not happened yet is judged as if it happened at `now`.

    A suspended clock (`due_at` None) is not overdue. Source: O2020-3 art 18, O2020-3 art 21.
    """
    return due_at is not None and any(is_late(at or now, due_at) for at in (decided_at, told_at))


@dataclass(frozen=True, slots=True)
class _Run:
    """The count of a clock in days: `length` days after `start`, the stretches of pause left out."""

    rule: Rule
    started_at: datetime
    length: int
    pauses: tuple[Pause, ...]
    stretches: tuple[Stretch, ...]
    calendar: Calendar
    steps: tuple[Line, ...] = ()

    @property
    def start(self) -> date:
        return cst_date(self.started_at)

    @property
    def is_day_counted(self) -> Callable[[date], bool]:
        if self.rule.unit == "working_day":
            return self.calendar.is_working_day
        if self.rule.unit == "uk_business_day":
            return lambda day: day.weekday() < SATURDAY
        return lambda day: True

    @property
    def due_at(self) -> datetime | None:
        end = self.end(self.stretches)
        return end_of_day(end) if isinstance(end, date) else None

    def end(self, stretches: Sequence[Stretch]) -> date | int:
        """The last day; or, when a pause that goes on comes before it, the number of days left."""
        if self.rule.unit in MONTHS:
            return months_later(self.start, self.length * MONTHS[self.rule.unit])
        day, left = self.start, self.length
        while left:
            day += ONE_DAY
            stretch = next((s for s in stretches if s.holds(day)), None)
            if stretch and stretch.last is None:
                return left
            if stretch is None and self.is_day_counted(day):
                left -= 1
        return day

    def extended(self, step: Extension) -> _Run:
        longer = self._longer(step.rule)
        day = longer.end(())
        assert isinstance(day, date)
        line = Line(
            "extension",
            (day - self._plain_end()).days,
            day,
            _source(step.rule),
            values={"count": longer.length - self.length, "unit": step.rule.unit, "code": step.rule.code},
        )
        return _Run(
            longer.rule, self.started_at, longer.length, self.pauses, self.stretches, self.calendar, (*self.steps, line)
        )

    def without(self, step: Extension, lacks: list[str]) -> _Run:
        line = Line(
            "extension_void", 0, self._plain_end(), _source(step.rule), values={"code": step.rule.code, "lacks": lacks}
        )
        return _Run(
            self.rule, self.started_at, self.length, self.pauses, self.stretches, self.calendar, (*self.steps, line)
        )

    def finished(self) -> Due:
        lines, end = self._lines()
        if not isinstance(end, date):
            return Due(self.rule, self.started_at, None, False, tuple(lines), left=end)
        return self._ended(lines, end)

    def _longer(self, rule: Rule) -> _Run:
        return _Run(rule, self.started_at, rule.length, self.pauses, self.stretches, self.calendar, self.steps)

    def _plain_end(self) -> date:
        day = self.end(())
        assert isinstance(day, date)
        return day

    def _lines(self) -> tuple[list[Line], date | int]:
        plain = self._plain_end()
        first = plain - timedelta(days=sum(line.days for line in self.steps))
        count = self.length - sum(line.values["count"] for line in self.steps if line.key == "extension")
        lines = [
            Line("start", 0, self.start, "CC art 201"),
            Line(
                "period",
                (first - self.start).days,
                first,
                _source(self.rule),
                values={"count": count, "unit": self.rule.unit},
            ),
            *self.steps,
        ]
        lines += [_void(self.rule, pause, plain) for pause in self.pauses if not pause.counts]
        end: date | int = plain
        for index, stretch in enumerate(self.stretches, start=1):
            before, end = end, self.end(self.stretches[:index])
            assert isinstance(before, date)
            if not isinstance(end, date):
                lines.append(
                    Line(
                        "suspended",
                        0,
                        stretch.first,
                        _pause_source(self.rule, stretch),
                        counts=False,
                        values=_values(stretch, left=end),
                    )
                )
                break
            key: LineKey = "pause_too_late" if stretch.first > before else "pause"
            lines.append(
                Line(key, (end - before).days, end, _pause_source(self.rule, stretch), values=_values(stretch))
            )
        return lines, end

    def _ended(self, lines: list[Line], end: date) -> Due:
        rule, calendar, strict = self.rule, self.calendar, end
        provisional = rule.unit == "uk_business_day" or (
            rule.unit == "working_day" and calendar.are_provisional(_days_after(self.start, end))
        )
        rolled = calendar.working_day_on_or_after(strict)
        unsure = calendar.are_provisional(_days_after(strict - ONE_DAY, rolled))
        if rule.end_rule == "roll":
            provisional, end = provisional or unsure, rolled
            if rolled != strict:
                lines.append(Line("roll", (rolled - strict).days, rolled, "CC art 203", is_provisional=unsure))
                if rule.remind_strict:
                    lines.append(Line("strict_day", 0, strict, _source(rule), counts=False))
        elif rolled != strict and rule.unit in ("calendar_day", *MONTHS):
            lines.append(Line("civil_code_203", 0, rolled, "CC art 203", counts=False, is_provisional=unsure))
        warn_on = calendar.last_working_day_on_or_before(end)
        if warn_on != end:
            shaky = calendar.are_provisional(_days_after(warn_on - ONE_DAY, end))
            lines.append(Line("warn_day", 0, warn_on, "house warn", counts=False, is_provisional=shaky))
        at = end_of_day(end)
        warnings = warnings_of(rule, self.started_at, at, calendar)
        return Due(rule, self.started_at, at, provisional, tuple(lines), warn_on=warn_on, warnings=warnings)


_COMPLAINT_PAUSES = {"mediation": "O2020-3 art 23", "appraisal": "O2020-3 art 18"}


def _run(rule: Rule, started_at: datetime, pauses: Sequence[Pause], length: int, calendar: Calendar) -> _Run:
    refuse_if(blockers_to_pause(rule, pauses))
    in_order = tuple(sorted(pauses, key=lambda pause: (pause.first, pause.last or date.max, pause.kind)))
    return _Run(rule, started_at, length, in_order, tuple(stretches_of(pauses)), calendar)


def _exact(rule: Rule, started_at: datetime, length: int) -> Due:
    at = started_at + timedelta(hours=length)
    start, end = cst_date(started_at), cst_date(at)
    lines = (
        Line("start_hour", 0, start, "CC art 201"),
        Line("period", (end - start).days, end, _source(rule), values={"count": length, "unit": "hour"}),
    )
    return Due(rule, started_at, at, False, lines, warnings=warnings_of(rule, started_at, at, None))


def warnings_of(rule: Rule, started_at: datetime, at: datetime, calendar: Calendar | None) -> tuple[datetime, ...]:
    """When each percentage is told. On a day off nobody reads it: then in the morning of the last working day before.

    Never before the start: what begins and ends within days off is told at once. Hours (no `calendar`) know no days off.
    Source: house warn.
    """
    found: list[datetime] = []
    for percent in reversed(rule.warn):
        moment = started_at + (at - started_at) * percent / 100
        if calendar and not calendar.is_working_day(cst_date(moment)):
            worked = calendar.last_working_day_on_or_before(cst_date(moment))
            moment = max(started_at, datetime.combine(worked, MORNING, tzinfo=CST))
        found.append(min([moment, *found[-1:]]))
    return tuple(reversed(found))


def _void(rule: Rule, pause: Pause, day: date) -> Line:
    stretch = Stretch(pause.first, pause.last, (pause.kind,))
    return Line("pause_void", 0, day, _pause_source(rule, stretch), values=_values(stretch))


def _pause_source(rule: Rule, stretch: Stretch) -> str:
    if rule.family == "CMP":
        return "; ".join(_COMPLAINT_PAUSES[kind] for kind in stretch.kinds)
    return _source(rule)


def _values(stretch: Stretch, **more: Any) -> dict[str, Any]:
    last = stretch.last.isoformat() if stretch.last else None
    return {"kinds": list(stretch.kinds), "first": stretch.first.isoformat(), "last": last, **more}


def months_later(day: date, months: int) -> date:
    """The same day of that month, or its last where there is none. Source: CC art 202."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _days_after(day: date, last: date) -> list[date]:
    return [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]


def _source(rule: Rule) -> str:
    return "; ".join(rule.source)
