"""What time brings about: breaches and warnings, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.clocks import ledger, sweep
from cases.clocks.models import Clock, Passing
from tests.clocks.counting import at

LIMIT = at("2026-10-13T23:59:59")


@pytest.mark.parametrize(
    ("now", "late"), [("2026-10-13T23:59:59", 0), ("2026-10-13T23:59:59.900000", 0), ("2026-10-14T00:00:00", 1)]
)
def test_a_clock_is_breached_when_its_last_second_is_over(case: Any, now: str, late: int) -> None:
    assert sweep.mark_breaches(at(now)) == late
    assert Clock.objects.filter(breached_at=at(now)).count() == late


def test_a_breach_is_marked_and_told_once(case: Any) -> None:
    now = at("2026-10-15")

    first, second = sweep.mark_breaches(now), sweep.mark_breaches(at("2026-10-16"))

    clock = Clock.objects.get()
    assert (first, second) == (1, 0)
    assert list(Passing.objects.values_list("clock", "case", "stage", "at")) == [(clock.pk, case.pk, 100, now)]
    assert (clock.breached_at, clock.warn_at, clock.is_running) == (now, None, True)


def test_stopped_clocks_and_rights_of_others_are_never_breached(case: Any) -> None:
    ledger.start(case, "RET7", at=at("2026-09-28"), now=at("2026-09-28"))
    ledger.stop(case, "CMP", at=at("2026-10-13"), now=at("2026-10-13"))

    assert sweep.mark_breaches(at("2027-10-13")) == 0


def test_batches_take_the_longest_overdue_first(case: Any) -> None:
    ledger.start(case, "XF_OBJ", at=at("2026-09-20"), now=at("2026-09-28"))
    ledger.start(case, "ZX_OBJ", at=at("2026-09-28"), now=at("2026-09-28"))
    now = at("2026-11-30")

    def codes() -> list[str]:
        return sorted(Clock.objects.exclude(breached_at=None).values_list("code", flat=True))

    batches = [(sweep.mark_breaches(now, limit=2), codes()) for _ in range(3)]

    assert batches == [(2, ["CMP15", "XF_OBJ"]), (1, every := ["CMP15", "XF_OBJ", "ZX_OBJ"]), (0, every)]


def test_warnings_are_taken_once_at_the_highest_mark(case: Any) -> None:
    half, three_quarters, most = Clock.objects.get().warnings

    def stages(now: Any) -> list[int]:
        marked = sweep.mark_warnings(now)
        return list(Passing.objects.order_by("-id").values_list("stage", flat=True)[:marked])

    assert stages(half - timedelta(seconds=1)) == []
    assert (stages(half), stages(half)) == ([1], [])
    assert stages(most) == [3]
    assert (Clock.objects.get().warn_at, stages(LIMIT)) == (None, [])
    assert three_quarters < most


def test_a_breached_clock_warns_no_more(case: Any) -> None:
    sweep.mark_breaches(at("2026-10-15"))

    assert sweep.mark_warnings(at("2026-10-15")) == 0


def test_each_pass_is_one_statement(case: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        sweep.mark_breaches(at("2026-10-15"))
        sweep.mark_warnings(at("2026-10-15"))
