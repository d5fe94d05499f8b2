"""What a candidate table of limits or holiday notice would have moved. It reads and computes, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q

from cases.clocks import dates
from cases.clocks.models import Clock
from cases.clocks.pauses import Pause
from cases.clocks.rules import Rule, RuleTable, RuleUnknown, load
from cases.clocks.steps import Extension
from jike.base.dates import cst_date
from jike.calendars import Calendar

LOOKS_BACK = timedelta(days=30)
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that would end on another day, or only then be certain. None: it stands still."""

    number: str
    code: str
    old: date | None
    new: date | None
    was_provisional: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How many clocks were looked at, whose day would move, how many provisional ones would become certain."""

    looked_at: int = 0
    moved: list[Moved] = field(default_factory=list)
    settled: int = 0


def rehearse_rules(candidate: RuleTable, *, calendar: Calendar, now: datetime) -> Rehearsal:
    """As if the newest version of every limit in `candidate` had been in force for the open and the latest cases.

    A rehearsal only: a case keeps the version of its day. Source: house rule version.
    """

    def newest(code: str) -> Rule:
        return candidate.of(code)[-1]

    return _rehearse(now, lambda clock: recount(clock, calendar=calendar, rule_of=newest))


def rehearse_calendar(candidate: Calendar, *, now: datetime) -> Rehearsal:
    """As if `candidate` were the calendar, every clock by its own version of the rule."""
    return _rehearse(now, lambda clock: recount(clock, calendar=candidate))


def recount(clock: Clock, *, calendar: Calendar, rule_of: Callable[[str], Rule] | None = None) -> dates.Due:
    """The count of `clock` made again from its stored lines: its pauses and steps, on `calendar`, by `rule_of` or its own rules.

    What was consented to, told and approved then still is: the lines say which pauses and steps counted. The clock comes
    with its lines prefetched.
    """
    lines = list(clock.lines.all())
    own = _own_rules(clock)
    rule_of = rule_of or own
    steps = [line for line in lines if line.key in ("extension", "extension_void")]
    first = _first_code(clock.code, [line.values["code"] for line in steps if line.key == "extension"])
    rule = rule_of(first)
    period = next(line for line in lines if line.key == "period")
    return dates.due(
        rule,
        clock.started_at,
        pauses=[pause for line in lines for pause in _pauses_of(line.key, line.values)],
        extensions=[_step(rule_of(s.values["code"]), clock.started_at, counts=s.key == "extension") for s in steps],
        length=period.values["count"] if rule.length_given else None,
        calendar=calendar,
    )


def _rehearse(now: datetime, recounted: Callable[[Clock], dates.Due]) -> Rehearsal:
    looked_at, settled, moved = 0, 0, []
    for clock in _looked_at(now):
        looked_at += 1
        try:
            after = recounted(clock)
        except RuleUnknown:
            continue
        old = cst_date(clock.due_at) if clock.due_at else None
        settled += clock.provisional and not after.provisional
        if after.day != old:
            moved.append(Moved(clock.case.number, clock.code, old, after.day, clock.provisional, after.provisional))
    return Rehearsal(looked_at, sorted(moved, key=lambda one: (one.old or date.max, one.number)), settled)


def _looked_at(now: datetime) -> Iterator[Clock]:
    open_or_new = Q(state__in=[Clock.State.RUNNING, Clock.State.SUSPENDED]) | Q(started_at__gte=now - LOOKS_BACK)
    found = Clock.objects.filter(open_or_new).exclude(state=Clock.State.REPLACED)
    return found.select_related("case").prefetch_related("lines").order_by("id").iterator(chunk_size=CHUNK)


def _own_rules(clock: Clock) -> Callable[[str], Rule]:
    """The rules as they were when the clock began: its own version, and for the steps before it those of the same day."""
    own = clock.rule

    def rule_of(code: str) -> Rule:
        return own if code == own.code else _of_day(code, own.effective_from, clock)

    return rule_of


def _of_day(code: str, day: date, clock: Clock) -> Rule:
    return load().rule(code, on=max(day, cst_date(clock.started_at)))


def _first_code(code: str, taken: Sequence[str]) -> str:
    """The limit a clock began with: the one before the first step it took."""
    if not taken:
        return code
    table = load()
    for other in table.codes:
        step = table.of(other)[-1].next
        if step and step.code == taken[0]:
            return other
    return code


def _pauses_of(key: str, values: dict[str, object]) -> list[Pause]:
    """The pauses of one line; those merged in it stand for one another, so each of its kinds has the whole stretch."""
    if key not in ("pause", "pause_too_late", "pause_void", "suspended"):
        return []
    first, last = str(values["first"]), values["last"]
    counts = key != "pause_void"
    return [
        Pause(kind, date.fromisoformat(first), date.fromisoformat(str(last)) if last else None, counts, counts)
        for kind in values["kinds"]  # type: ignore[attr-defined]
    ]


def _step(rule: Rule, at: datetime, *, counts: bool) -> Extension:
    return Extension(rule, at, "-", approved_at=at if counts else None, noticed_at=at if counts else None)
