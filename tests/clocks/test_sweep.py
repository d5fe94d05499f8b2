"""What time brings about: breaches and warnings, each once."""

from __future__ import annotations

from typing import Any

import pytest

from cases.clocks import ledger, sweep
from cases.clocks.models import Clock
from tests.clocks.counting import at

LIMIT = at("2026-10-13T23:59:59")


@pytest.mark.parametrize(
    ("now", "late"), [("2026-10-13T23:59:59", 0), ("2026-10-13T23:59:59.900000", 0), ("2026-10-14T00:00:00", 1)]
)
def test_a_clock_is_breached_when_its_last_second_is_over(case: Any, now: str, late: int) -> None:
    assert len(sweep.mark_breaches(at(now))) == late
    assert Clock.objects.filter(breached_at=at(now)).count() == late


def test_a_breach_is_marked_and_told_once(case: Any) -> None:
    now = at("2026-10-15")

    first, second = sweep.mark_breaches(now), sweep.mark_breaches(at("2026-10-16"))

    clock = Clock.objects.get()
    assert first == [sweep.Passed(clock.pk, case.pk, "CMP15", LIMIT, 100)]
    assert second == []
    assert (clock.breached_at, clock.warn_at, clock.is_running) == (now, None, True)


def test_stopped_clocks_and_rights_of_others_are_never_breached(case: Any) -> None:
    ledger.start(case, "RET7", at=at("2026-09-28"), now=at("2026-09-28"))
    ledger.stop(case, "CMP", at=at("2026-10-13"), now=at("2026-10-13"))

    assert sweep.mark_breaches(at("2027-10-13")) == []


def test_batches_take_the_longest_overdue_first(case: Any) -> None:
    ledger.start(case, "XF_OBJ", at=at("2026-09-20"), now=at("2026-09-28"))
    ledger.start(case, "ZX_OBJ", at=at("2026-09-28"), now=at("2026-09-28"))
    now = at("2026-11-30")

    batches = [[passed.code for passed in sweep.mark_breaches(now, limit=2)] for _ in range(3)]

    assert batches == [["XF_OBJ", "CMP15"], ["ZX_OBJ"], []]


def test_warnings_are_taken_once_at_the_highest_mark(case: Any) -> None:
    half, three_quarters, most = Clock.objects.get().warnings

    def stages(now: Any) -> list[int]:
        return [passed.stage for passed in sweep.mark_warnings(now)]

    assert stages(half.replace(microsecond=0) - (LIMIT - half) / 100) == []
    assert (stages(half), stages(half)) == ([1], [])
    assert stages(most) == [3]
    assert (Clock.objects.get().warn_at, stages(LIMIT)) == (None, [])
    assert three_quarters < most


def test_a_breached_clock_warns_no_more(case: Any) -> None:
    sweep.mark_breaches(at("2026-10-15"))

    assert sweep.mark_warnings(at("2026-10-15")) == []


def test_each_pass_is_one_statement(case: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        sweep.mark_breaches(at("2026-10-15"))
        sweep.mark_warnings(at("2026-10-15"))
