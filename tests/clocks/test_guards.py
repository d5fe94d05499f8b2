"""What the database refuses about clocks, whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.clocks import ledger
from cases.clocks.models import Clock, ClockLine
from tests.clocks.counting import at

NOW = at("2026-09-30")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + interval '1 day'",
        "started_at = now()",
        "code = 'CMP30'",
        "rule_version = 'x'",
        "duty = 'info'",
        "warnings = '{}'",
        "state = 'suspended'",
    ],
)
def test_start_rule_and_end_of_a_clock_never_change(case: Any, change: str) -> None:
    assert refused(f"UPDATE clocks_clock SET {change}")
    assert not refused("UPDATE clocks_clock SET stage = 1")


def test_a_stopped_clock_never_changes(case: Any) -> None:
    assert not refused("UPDATE clocks_clock SET breached_at = now()")

    ledger.stop(case, "CMP", at=NOW, now=NOW)

    assert refused("UPDATE clocks_clock SET breached_at = now()")
    assert refused("UPDATE clocks_clock SET state = 'running', stopped_at = NULL")


@pytest.mark.parametrize("table", ["clocks_clock", "clocks_clockline"])
def test_nothing_is_deleted(case: Any, table: str) -> None:
    connection.check_constraints()  # else TRUNCATE stumbles over checks that wait for the commit

    assert refused(f"DELETE FROM {table}")
    assert refused(f"TRUNCATE {table} CASCADE")
    assert (Clock.objects.count(), ClockLine.objects.count()) == (1, 2)


def test_lines_never_change(case: Any) -> None:
    assert refused("UPDATE clocks_clockline SET days = days + 1")


@pytest.mark.parametrize(
    ("seq", "days", "day", "counts"),
    [
        (4, 1, date(2026, 10, 14), True),  # a hole
        (3, 1, date(2026, 10, 15), True),  # does not add up
        (3, 1, date(2026, 10, 14), False),  # beside the sum, yet it moves it
        (2, 0, date(2026, 10, 13), True),  # twice
    ],
)
def test_lines_are_dense_and_add_up(case: Any, seq: int, days: int, day: date, counts: bool) -> None:
    clock = Clock.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        ClockLine.objects.create(clock=clock, seq=seq, key="roll", days=days, day=day, counts=counts)

    ClockLine.objects.create(clock=clock, seq=3, key="roll", days=1, day=date(2026, 10, 14))


def test_only_a_suspended_clock_has_no_end(case: Any) -> None:
    ledger.stop(case, "CMP", at=NOW, now=NOW)
    given = {
        "case_id": case.pk,
        "code": "ZX_OBJ",
        "family": "ZX_OBJ",
        "rule_version": "2013",
        "duty": "ours",
        "started_at": NOW,
        "created_at": NOW,
    }

    for wrong in (
        {"state": "running", "due_at": None, "days_left": 3},
        {"state": "suspended", "due_at": NOW},
        {"state": "suspended", "due_at": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clock.objects.create(**given, **wrong)

    Clock.objects.create(**given, state="suspended", due_at=None, days_left=3)
