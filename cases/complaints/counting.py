"""The statutory count of a complaint: what its pauses leave out, and what a longer limit, new facts or another receipt make of its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cases.clocks import dates, rules
from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.clocks.pauses import Pause
from cases.clocks.rules import Rule
from cases.clocks.steps import Extension as Step
from cases.clocks.sweep import mark_breach_of
from cases.complaints.models import ClockPause, Complaint
from jike import calendars
from jike.base.dates import cst_date

FAMILY = "CMP"
AGREED = "CMP_AGREED"


def running(case: Complaint) -> Clock | None:
    """The running or suspended count of 15, 30 or 60 days; None where it has stopped or an agreed date governs."""
    return clocks.running(case, family=FAMILY)


def rule_of(case: Complaint, code: str) -> Rule:
    """The version of a limit that this case keeps. Source: house rule version."""
    return rules.rule(code, on=cst_date(case.received_at))


def pauses_of(case: Complaint, *, since: datetime) -> list[Pause]:
    """The pauses on record that reach into a count begun at `since`, for the arithmetic."""
    start = cst_date(since)
    rows = ClockPause.objects.filter(case_id=case.pk).order_by("first_on", "started_at")
    return [pause_of(row) for row in rows if row.last_on is None or row.last_on > start]


def pause_of(row: ClockPause) -> Pause:
    """An appraisal leaves out days from the notice on, and none where it was over by then. Source: O2020-3 art 18."""
    first = max(row.first_on, row.counts_from or row.first_on)
    told = row.counts_from is not None and (row.last_on is None or first <= row.last_on)
    return Pause(
        "mediation" if row.kind == ClockPause.Kind.MEDIATION else "appraisal",
        first if told else row.first_on,
        row.last_on,
        has_consent=row.kind == ClockPause.Kind.MEDIATION,
        is_noticed=told,
    )


def due_with(
    case: Complaint, clock: Clock, *, steps: Sequence[Step] = (), pauses: Sequence[Pause] | None = None
) -> dates.Due:
    """When the count would end with `steps` taken, and `pauses` instead of those on record."""
    given = pauses_of(case, since=clock.started_at) if pauses is None else pauses
    return dates.due(clock.rule, clock.started_at, pauses=given, extensions=steps, calendar=calendars.current())


def recount(case: Complaint, clock: Clock, *, now: datetime, steps: Sequence[Step] = ()) -> Clock:
    """Replace the running count by the same one with the pauses on record and `steps`; the old one stays."""
    pauses = pauses_of(case, since=clock.started_at)
    return clocks.replace(case, clock, now=now, pauses=pauses, extensions=steps)


def counts_from_receipt(case: Complaint) -> Clock | None:
    """The running count where it began with the receipt; None where new facts began it anew or an agreed date governs."""
    clock = running(case)
    return clock if clock and clock.started_at == case.received_at else None


def due_from(case: Complaint, clock: Clock, at: datetime) -> dates.Due:
    """When the same count, by the same version of the same step, would end had it begun at `at`; the pauses on record stay."""
    return dates.due(clock.rule, at, pauses=pauses_of(case, since=at), calendar=calendars.current())


def move_receipt(case: Complaint, at: datetime, *, now: datetime) -> tuple[Clock, Clock] | None:
    """Put the receipt at `at` and count anew what counts from it: the old count, which stays on record, and the new one.

    A new count that is over already is marked as breached at once and told as the sweep tells it. None where nothing counts from receipt.
    Source: O2020-3 art 18.
    """
    clock = counts_from_receipt(case)
    case.received_at = at
    if clock is None:
        return None
    after = clocks.put_in_place(case, clock, due_from(case, clock, at), now=now)
    mark_breach_of(case.pk, now)
    return clock, after


def as_text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
