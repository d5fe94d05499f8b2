"""The clocks of a case: started, replaced, stopped, explained."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.clocks import ledger
from cases.clocks.models import Clock
from jike.base.errors import Refused
from tests.clocks.counting import at, mediation, step

RECEIVED = at("2026-09-28T10:00")
NOW = at("2026-09-30")


@pytest.fixture
def unguarded(case: Any) -> None:
    """Only the arithmetic is looked at here; that a longer limit needs its approval is held by the guards of complaints."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE clocks_clock DISABLE TRIGGER complaints_limit_is_approved")


def test_filing_starts_fifteen_days_with_their_arithmetic(case: Any) -> None:
    clock = ledger.running(case, family="CMP")

    assert (clock.code, clock.rule_version, clock.started_at, clock.due_at) == (
        "CMP15",
        "2020-03",
        RECEIVED,
        at("2026-10-13T23:59:59"),
    )
    assert [(line.seq, line.key, line.days) for line in clock.lines.all()] == [(1, "start", 0), (2, "period", 15)]
    assert (case.next_due_at, case.next_due_code) == (clock.due_at, "CMP15")
    assert clock.warn_at == clock.warnings[0] == at("2026-09-30T09:00")


def test_the_nearest_of_our_duties_is_the_next(case: Any) -> None:
    ledger.start(case, "ZX_OBJ", at=NOW, now=NOW)
    assert (case.next_due_at, case.next_due_code) == (at("2026-10-13T23:59:59"), "CMP15")

    ledger.start(case, "XF_OBJ", at=at("2026-09-28"), now=NOW)
    assert (case.next_due_at, case.next_due_code) == (at("2026-10-10T23:59:59"), "XF_OBJ")

    ledger.stop(case, "XF_OBJ", at=NOW, now=NOW)
    assert case.next_due_code == "CMP15"
    ledger.stop(case, "CMP", at=NOW, now=NOW)
    assert (case.next_due_at, case.next_due_code) == (at("2026-10-20T23:59:59"), "ZX_OBJ")
    ledger.stop(case, "ZX_OBJ", at=NOW, now=NOW)
    assert (case.next_due_at, case.next_due_code) == (None, "")


def test_rights_of_others_are_never_the_next_duty(case: Any) -> None:
    ledger.stop(case, "CMP", at=NOW, now=NOW)
    review = ledger.start(case, "REV_REQ", at=at("2026-10-13"), now=NOW)

    assert (case.next_due_at, review.duty, review.due_at) == (None, "party", at("2026-11-12T23:59:59"))


def test_one_clock_of_a_family_runs_at_a_time(case: Any, unguarded: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.start(case, "CMP30", at=RECEIVED, now=NOW)

    ledger.stop(case, "CMP", at=NOW, now=NOW)
    assert ledger.start(case, "CMP30", at=RECEIVED, now=NOW).is_running


def test_starting_and_stopping_take_few_statements(case: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ledger.start(case, "RET7", at=NOW, now=NOW)
    with django_assert_num_queries(1):
        ledger.stop(case, "CMP", at=NOW, now=NOW)


@pytest.mark.parametrize(
    ("stopped", "breached"),
    [("2026-10-13T23:59:59", False), ("2026-10-13T23:59:59.900000", False), ("2026-10-14T00:00:00", True)],
)
def test_late_is_judged_by_the_act_not_by_its_recording(case: Any, stopped: str, breached: bool) -> None:
    recorded = at("2026-10-16")
    Clock.objects.update(breached_at=at("2026-10-14T00:00:05"))

    ledger.stop(case, "CMP", at=at(stopped), now=recorded)

    clock = Clock.objects.get()
    assert (clock.state, clock.stopped_at, clock.breached_at is not None) == ("stopped", at(stopped), breached)


def test_a_late_stop_is_a_breach_even_before_the_sweep_saw_it(case: Any) -> None:
    ledger.start(case, "RET7", at=RECEIVED, now=NOW)
    ledger.stop(case, "CMP", at=at("2026-10-14T00:00:00"), now=at("2026-10-14T00:00:01"))
    ledger.stop(case, "RET7", at=at("2026-10-20"), now=at("2026-10-20"))

    assert {clock.code: clock.breached_at for clock in Clock.objects.all()} == {
        "CMP15": at("2026-10-14T00:00:01"),
        "RET7": None,
    }


def test_stopping_what_does_not_run_changes_nothing(case: Any) -> None:
    ledger.stop(case, "RET7", at=NOW, now=NOW)

    assert ledger.running(case, family="RET7") is None
    assert case.next_due_code == "CMP15"


def test_an_ended_case_has_no_running_clock(case: Any) -> None:
    ledger.start(case, "RET7", at=NOW, now=NOW)

    ledger.stop_all(case, at=NOW, now=NOW)

    assert {clock.state for clock in ledger.clocks_of(case)} == {"stopped"}
    assert (case.next_due_at, case.next_due_code) == (None, "")


def test_an_extension_replaces_the_clock_and_keeps_the_old_one(case: Any, unguarded: None) -> None:
    clock = ledger.running(case, family="CMP")

    longer = ledger.replace(case, clock, extensions=[step("CMP30", "2026-09-30")], now=NOW)

    assert [(c.code, c.state) for c in ledger.clocks_of(case)] == [("CMP15", "replaced"), ("CMP30", "running")]
    assert (longer.started_at, longer.due_at) == (RECEIVED, at("2026-10-28T23:59:59"))
    assert (case.next_due_at, case.next_due_code) == (longer.due_at, "CMP30")


def test_a_refused_extension_changes_nothing(case: Any) -> None:
    clock = ledger.running(case, family="CMP")

    with pytest.raises(Refused):
        ledger.replace(case, clock, extensions=[step("CMP60", "2026-09-30")], now=NOW)

    assert ledger.running(case, family="CMP") == clock
    assert case.next_due_code == "CMP15"


def test_a_pause_that_goes_on_suspends_and_its_end_resumes(case: Any) -> None:
    first = ledger.running(case, family="CMP")

    suspended = ledger.replace(case, first, pauses=[mediation("2026-10-01", None)], now=NOW)
    assert (suspended.state, suspended.due_at, suspended.days_left) == ("suspended", None, 13)
    assert (case.next_due_at, ledger.running(case, family="CMP")) == (None, suspended)

    resumed = ledger.replace(case, suspended, pauses=[mediation("2026-10-01", "2026-10-05")], now=at("2026-10-05"))
    assert (resumed.state, resumed.due_at) == ("running", at("2026-10-18T23:59:59"))
    assert case.next_due_at == resumed.due_at


def test_explaining_shows_every_clock_with_its_sum(case: Any, unguarded: None) -> None:
    clock = ledger.running(case, family="CMP")
    ledger.replace(case, clock, extensions=[step("CMP30", "2026-09-30")], now=NOW)

    found = ledger.explain(case)

    assert [(c["rule"], c["state"], c["due"]) for c in found] == [
        ("CMP30@2020-03", "running", "2026-10-28T23:59:59+08:00"),
        ("CMP15@2020-03", "replaced", "2026-10-13T23:59:59+08:00"),
    ]
    assert [(line["key"], line["days"], line["day"]) for line in found[0]["lines"]] == [
        ("start", 0, "2026-09-28"),
        ("period", 15, "2026-10-13"),
        ("extension", 15, "2026-10-28"),
    ]
    assert (found[1]["stopped"], found[0]["stopped"], found[0]["breached"]) == ("2026-09-30T10:00:00+08:00", None, None)


def test_r74_the_version_is_that_of_the_day_of_receipt(case: Any) -> None:
    earlier = ledger.start(case, "CAC4H", at=at("2025-10-01"), now=NOW)

    assert (earlier.rule_version, earlier.rule.effective_from.isoformat()) == ("2025-11", "2025-11-01")
    assert (str(earlier), str(earlier.lines.first())) == ("CAC4H running", "1. start_hour")
