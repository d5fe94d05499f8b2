"""The stack of clocks as the case page prints it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.clocks import ledger
from cases.clocks.models import Clock
from cases.desk.danger import danger_of_clock
from cases.models import Case
from jike.base.dates import CST


def clock_context(case: Case, *, now: datetime) -> dict[str, Any]:
    """`clocks` that run or stand still, next danger first, and `ended_clocks`; `nearest` is our nearest duty or None."""
    stack = ledger.stack_of(case)
    running = [_row(clock, now) for clock in stack if clock.is_running]
    nearest = next((row for row in running if row["clock"].duty == Clock.Duty.OURS), None)
    ended = [_row(clock, now) for clock in stack if not clock.is_running]
    found = {"clocks": running, "ended_clocks": ended, "nearest": nearest}
    return found | ({"danger": nearest["danger"]} if nearest else {})


def _row(clock: Clock, now: datetime) -> dict[str, Any]:
    """A clock, how near its end is, and what stopped or replaced it when."""
    return {
        "clock": clock,
        "danger": danger_of_clock(clock, now=now),
        "ended": clock.stopped_at.astimezone(CST).strftime("%Y-%m-%d %H:%M:%S") if clock.stopped_at else "",
        "state": clock.get_state_display(),
    }
