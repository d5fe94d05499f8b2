"""The clocks of a case, started and stopped inside its verbs.

Every function works on a case whose row the caller has locked (or is about to insert), and sets `case.next_due_at` and
`case.next_due_code` in memory to the nearest running duty of ours; the verb saves them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from cases.clocks import dates, rules
from cases.clocks.models import Clock, ClockLine
from cases.clocks.pauses import Pause
from cases.clocks.steps import Extension
from jike import calendars
from jike.base.dates import CST, cst_date
from jike.base.ids import uuid7
from jike.base.prepared import Prepared

if TYPE_CHECKING:
    from cases.models import Case

# One statement: stop what runs, and say which of our other duties is due next. A count that is corrected to an earlier day, or
# that has not begun yet, was stopped at its own beginning.
_STOP = """
WITH ended AS (
    UPDATE clocks_clock
    SET state = %(state)s, stopped_at = greatest(%(at)s, started_at), warn_at = NULL,
        breached_at = CASE WHEN duty = 'ours' AND %(at)s >= due_at + interval '1 second' THEN coalesce(breached_at, %(now)s) END
    WHERE case_id = %(case)s AND state IN ('running', 'suspended') AND (%(family)s = '' OR family = %(family)s)
    RETURNING id
)
SELECT due_at, code FROM clocks_clock
WHERE case_id = %(case)s AND state = 'running' AND duty = 'ours' AND %(family)s <> '' AND family <> %(family)s
ORDER BY due_at LIMIT 1
"""


def start(
    case: Case, code: str, *, at: datetime, now: datetime, pauses: Sequence[Pause] = (), length: int | None = None
) -> Clock:
    """Start the clock `code` at `at`, by the version of the rule in force when the case was received.

    One of the same family must not be running. `length` in the rule's unit, for clocks whose length somebody else sets.
    Source: house rule version.
    """
    rule = rules.rule(code, on=cst_date(case.received_at))
    return _insert(case, dates.due(rule, at, pauses=pauses, length=length, calendar=calendars.current()), now=now)


def replace(
    case: Case,
    clock: Clock,
    *,
    now: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    length: int | None = None,
) -> Clock:
    """Replace a running clock by the same count with `pauses` and `extensions`, all of them from the start; the old one stays.

    Raises `Refused` for a pause or a step that may not be, and then nothing has changed.
    """
    after = dates.due(
        clock.rule,
        clock.started_at,
        pauses=pauses,
        extensions=extensions,
        length=length,
        calendar=calendars.current(),
    )
    return put_in_place(case, clock, after, now=now)


def put_in_place(case: Case, clock: Clock, after: dates.Due, *, now: datetime) -> Clock:
    """Let the count `after` take the place of a running clock, which stays on record as replaced."""
    _end(case, clock.family, state=Clock.State.REPLACED, at=now, now=now)
    return _insert(case, after, now=now)


def count_anew(
    case: Case,
    clock: Clock,
    code: str,
    *,
    at: datetime,
    now: datetime,
    pauses: Sequence[Pause] = (),
    length: int | None = None,
) -> Clock:
    """Replace `clock` by a count of `code` that begins at `at`; the old one stays, late or not as it was at `at`."""
    rule = rules.rule(code, on=cst_date(case.received_at))
    after = dates.due(rule, at, pauses=pauses, length=length, calendar=calendars.current())
    _end(case, clock.family, state=Clock.State.REPLACED, at=at, now=now)
    return _insert(case, after, now=now)


def stop(case: Case, family: str, *, at: datetime, now: datetime) -> None:
    """Stop the running clock of `family`, if there is one, at `at`: late or not is judged by `at`, not by `now`.

    A breach that the sweep marked before the proof of an act in time was recorded is taken back. Source: O2020-3 art 21.
    """
    _end(case, family, state=Clock.State.STOPPED, at=at, now=now)


def stop_all(case: Case, *, at: datetime, now: datetime) -> None:
    """Stop every clock of a case that has ended."""
    _end(case, "", state=Clock.State.STOPPED, at=at, now=now)


def running(case: Case, *, family: str) -> Clock | None:
    """The running or suspended clock of `family`."""
    return next((clock for clock in case.open_clocks if clock.family == family), None)


def clocks_of(case: Case) -> list[Clock]:
    """Every clock of the case, oldest first."""
    return list(Clock.objects.filter(case_id=case.pk).order_by("created_at", "id"))


def stack_of(case: Case) -> list[Clock]:
    """Every clock of the case with its lines, the next danger on top: running ones by their end, then those that stand still by
    the days they have left, then what has ended, newest first."""
    found, lines = _CLOCKS.rows(case.pk, known=case), defaultdict(list)
    for line in _LINES.rows(case.pk) if found else ():
        lines[line.clock_id].append(line)
    for clock in found:
        clock.known_lines = lines[clock.pk]
    case.__dict__.setdefault("open_clocks", [clock for clock in found if clock.is_running])
    return sorted(found, key=_danger)


_CLOCKS: Prepared[Clock] = Prepared(
    lambda pk: Clock.objects.filter(case_id=pk).order_by("-created_at", "-id"), sample=UUID(int=1)
)
_LINES: Prepared[ClockLine] = Prepared(
    lambda pk: ClockLine.objects.filter(clock__case_id=pk).order_by("seq"), sample=UUID(int=1)
)


def _danger(clock: Clock) -> tuple[int, float]:
    if clock.state == Clock.State.RUNNING and clock.due_at:
        return 0, clock.due_at.timestamp()
    return (1, clock.days_left or 0) if clock.state == Clock.State.SUSPENDED else (2, 0)


def explain(case: Case) -> list[dict[str, Any]]:
    """The stack of clocks with its arithmetic, as plain values: dates and instants as ISO text in Shanghai time."""
    return [_explained(clock) for clock in stack_of(case)]


def _insert(case: Case, due: dates.Due, *, now: datetime) -> Clock:
    rule = due.rule
    warnings = list(due.warnings)
    clock = Clock(
        id=uuid7(),
        case_id=case.pk,
        code=rule.code,
        family=rule.family,
        rule_version=rule.version,
        duty=rule.duty,
        started_at=due.started_at,
        due_at=due.at,
        days_left=due.left,
        provisional=due.provisional,
        state=Clock.State.RUNNING if due.at else Clock.State.SUSPENDED,
        warnings=warnings,
        warn_at=warnings[0] if warnings else None,
        created_at=now,
    )
    case.bring(clock, *lines_of(clock, due))
    case.forget("open_clocks")
    if due.at and clock.duty == Clock.Duty.OURS and (case.next_due_at is None or due.at < case.next_due_at):
        case.next_due_at, case.next_due_code = due.at, clock.code
    return clock


def lines_of(clock: Clock, due: dates.Due) -> list[ClockLine]:
    """The unsaved lines of a clock, for callers that insert many clocks at once."""
    return [
        ClockLine(
            id=uuid7(),
            clock_id=clock.pk,
            seq=seq,
            key=line.key,
            days=line.days,
            day=line.day,
            source=line.source,
            counts=line.counts,
            provisional=line.is_provisional,
            values=line.values,
        )
        for seq, line in enumerate(due.lines, start=1)
    ]


def _end(case: Case, family: str, *, state: str, at: datetime, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STOP, {"state": state, "at": at, "now": now, "case": case.pk, "family": family})
        nearest = cursor.fetchone()
    case.forget("open_clocks")
    case.next_due_at, case.next_due_code = nearest or (None, "")


def _explained(clock: Clock) -> dict[str, Any]:
    return {
        "code": clock.code,
        "label": clock.label,
        "rule": clock.rule.key,
        "state": clock.state,
        "duty": clock.duty,
        "started": _iso(clock.started_at),
        "due": _iso(clock.due_at),
        "days_left": clock.days_left,
        "provisional": clock.provisional,
        "stopped": _iso(clock.stopped_at),
        "breached": _iso(clock.breached_at),
        "lines": [
            {
                "key": line.key,
                "label": line.label,
                "days": line.days,
                "day": line.day.isoformat(),
                "counts": line.counts,
                "provisional": line.provisional,
                "source": line.source,
            }
            for line in clock.known_lines
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(CST).isoformat(timespec="seconds") if at else None
