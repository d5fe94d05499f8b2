"""Which pauses may stand, and which days they leave out."""

from __future__ import annotations

from datetime import date

import pytest

from cases.clocks.pauses import Pause, Stretch, blockers_to_pause, days_of, stretches_of
from cases.clocks.rules import load
from jike.base.errors import Refused
from tests.clocks.counting import appraisal, due, last_day, mediation

CMP15, PI_REQ = load().of("CMP15")[-1], load().of("PI_REQ")[-1]


def check(first: str, last: str | None) -> Pause:
    return Pause("identity_check", date.fromisoformat(first), date.fromisoformat(last) if last else None)


def test_pauses_that_may_stand_have_no_blockers() -> None:
    assert blockers_to_pause(CMP15, [mediation("2026-11-10", "2026-11-10"), appraisal("2026-11-12", None)]) == []
    assert blockers_to_pause(PI_REQ, [check("2026-11-24", "2026-11-25")]) == []


def test_every_reason_is_given() -> None:
    wrong = [check("2026-11-10", "2026-11-09"), mediation("2026-11-10", None, has_consent=False)]

    assert [b.code for b in blockers_to_pause(CMP15, wrong)] == [
        "pause.not_allowed",
        "pause.reversed",
        "pause.no_consent",
    ]
    assert [b.code for b in blockers_to_pause(PI_REQ, [check("2026-11-24", None)] * 2)] == ["pause.only_once"]


@pytest.mark.parametrize("code", ["RET7", "REV_DEC", "CAC4H"])
def test_clocks_without_pause_refuse_one(code: str) -> None:
    with pytest.raises(Refused):
        due(code, "2026-11-01", pauses=[mediation("2026-11-02", "2026-11-03")])


def test_working_day_clocks_leave_out_the_working_days_of_a_pause() -> None:
    assert last_day("PI_REQ", "2026-11-22", pauses=[check("2026-11-25", "2026-11-27")]) == "2026-12-16"
    assert last_day("PI_REQ", "2026-11-22", pauses=[check("2026-11-28", "2026-11-29")]) == "2026-12-11", (
        "a weekend takes nothing away"
    )


def test_overlaps_become_one_stretch_and_neighbours_stay_two() -> None:
    found = stretches_of(
        [
            appraisal("2026-11-20", "2026-11-28"),
            mediation("2026-11-10", "2026-11-24"),
            mediation("2026-11-29", "2026-11-30"),
        ]
    )

    assert found == [
        Stretch(date(2026, 11, 10), date(2026, 11, 28), ("mediation", "appraisal")),
        Stretch(date(2026, 11, 29), date(2026, 11, 30), ("mediation",)),
    ]
    assert [days_of(stretch) for stretch in found] == [19, 2]
    with pytest.raises(ValueError, match="goes on"):
        days_of(Stretch(date(2026, 11, 10), None, ("mediation",)))


def test_the_day_of_the_start_is_not_counted_anyway() -> None:
    assert last_day("CMP15", "2026-11-01", pauses=[mediation("2026-11-01", "2026-11-05")]) == "2026-11-20"


def test_each_pause_names_its_own_ground() -> None:
    both = due(
        "CMP15", "2026-11-01", pauses=[mediation("2026-11-10", "2026-11-24"), appraisal("2026-11-20", "2026-11-28")]
    )
    silent = due("CMP15", "2026-11-01", pauses=[appraisal("2026-11-10", "2026-11-12", is_noticed=False)])
    request = due("PI_REQ", "2026-11-22", pauses=[check("2026-11-25", "2026-11-27")])

    assert [line.source for line in both.lines if line.key == "pause"] == ["O2020-3 art 23; O2020-3 art 18"]
    assert [line.source for line in silent.lines if line.key == "pause_void"] == ["O2020-3 art 18"]
    assert [line.source for line in request.lines if line.key == "pause"] == ["PIPL art 50; house PI_REQ"]
