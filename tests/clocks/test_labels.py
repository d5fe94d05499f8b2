"""The words of the arithmetic."""

from __future__ import annotations

from typing import get_args

import pytest
from django.utils import translation

from cases.clocks.dates import LineKey
from cases.clocks.labels import LINES, line_label, remaining
from tests.clocks.counting import CALENDAR, appraisal, at, due, mediation, step

LIMIT = at("2026-10-13T23:59:59")


def test_every_line_has_words() -> None:
    assert set(LINES) == set(get_args(LineKey))


def test_every_line_prints_its_values() -> None:
    steps = [step("CMP30", "2026-11-05"), step("CMP60", "2026-11-05", approved="2026-11-05")]
    pauses = [
        mediation("2026-11-10", "2026-11-24"),
        appraisal("2026-11-12", "2026-11-13", is_noticed=False),
        mediation("2026-12-10", None),
    ]

    with translation.override("en"):
        found = [
            line_label(line.key, line.values)
            for line in due("CMP15", "2026-11-01", extensions=steps, pauses=pauses).lines
        ]

    assert found == [
        "Day of the start, not counted",
        "Period: 15 calendar days",
        "Extended to CMP30: 15 calendar days more",
        "Extension to CMP60 without effect: not approved or not told before the end",
        "Pause from 2026-11-12 to 2026-11-13 (outside appraisal) not left out: the consumer was not told",
        "Paused from 2026-11-10 to 2026-11-24 (mediation)",
        "Suspended since 2026-12-10 (mediation): 7 days left when it goes on",
    ]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-09-28", "15 days left (7 of them working days)"),
        ("2026-10-12", "1 days left (1 of them working days)"),
        ("2026-10-13T23:59:59", "Last day today"),
        ("2026-10-14T00:00:00", "1 days overdue"),
        ("2026-10-16", "3 days overdue"),
    ],
)
def test_time_left_in_words(now: str, said: str) -> None:
    with translation.override("en"):
        assert remaining(LIMIT, now=at(now), calendar=CALENDAR).label == said


def test_an_hour_clock_late_on_its_own_day_is_overdue() -> None:
    with translation.override("en"):
        assert (
            remaining(at("2026-10-13T09:00:00"), now=at("2026-10-13T09:00:01"), calendar=CALENDAR).label
            == "1 days overdue"
        )
