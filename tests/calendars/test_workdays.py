"""Working days around every holiday and year end, against days read off the notices by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.calendars.notices import calendar_of, shipped_calendar, shipped_notices

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("first_off", "last_off"),
    [
        # New Year, Spring Festival, Qingming, Labour Day, Dragon Boat, Mid-Autumn, National Day of each year
        ("2023-12-30", "2024-01-01"),
        ("2024-02-10", "2024-02-17"),
        ("2024-04-04", "2024-04-06"),
        ("2024-05-01", "2024-05-05"),
        ("2024-06-08", "2024-06-10"),
        ("2024-09-15", "2024-09-17"),
        ("2024-10-01", "2024-10-07"),
        ("2025-01-01", "2025-01-01"),
        ("2025-01-28", "2025-02-04"),
        ("2025-04-04", "2025-04-06"),
        ("2025-05-01", "2025-05-05"),
        ("2025-05-31", "2025-06-02"),
        ("2025-10-01", "2025-10-08"),
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
        ("2027-01-01", "2027-01-03"),
        ("2027-02-05", "2027-02-08"),
        ("2027-04-03", "2027-04-05"),
        ("2027-05-01", "2027-05-02"),
        ("2027-06-09", "2027-06-09"),
        ("2027-09-15", "2027-09-15"),
        ("2027-10-01", "2027-10-03"),
    ],
)
def test_holidays_are_off_from_the_first_to_the_last_day(first_off: str, last_off: str) -> None:
    first, last = date.fromisoformat(first_off), date.fromisoformat(last_off)

    worked = [
        day
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if CALENDAR.is_working_day(day)
    ]

    assert worked == []
    assert not CALENDAR.is_working_day(last)
    assert CALENDAR.next_working_day(first - timedelta(days=1)) > last
    assert CALENDAR.last_working_day_on_or_before(last) < first


@pytest.mark.parametrize(
    "day",
    [
        "2024-02-04",
        "2024-02-18",
        "2024-04-07",
        "2024-04-28",
        "2024-05-11",
        "2024-09-14",
        "2024-09-29",
        "2024-10-12",
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
        "2025-09-28",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ],
)
def test_make_up_days_at_weekends_are_worked(day: str) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2018-12-29", True),
        ("2018-12-31", False),
        ("2022-12-31", False),
        ("2023-01-01", False),  # named by the next year's notice
        ("2020-01-31", False),
        ("2020-02-03", True),  # the second notice of 2020
        ("2026-11-21", False),
        ("2026-11-22", False),
        ("2026-11-23", True),  # an ordinary weekend is in no file
        ("2026-12-31", True),
        ("2027-01-01", False),
        ("2027-01-04", True),
        ("2028-05-02", False),
        ("2028-05-03", True),
    ],
)
def test_year_ends_and_ordinary_days(day: str, works: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "count", "end", "provisional"),
    [
        ("2026-09-28", 7, "2026-10-13", False),
        ("2026-09-18", 7, "2026-09-29", False),
        ("2026-02-11", 7, "2026-02-27", False),
        ("2026-04-30", 7, "2026-05-13", False),
        ("2026-11-22", 15, "2026-12-11", False),
        ("2026-12-18", 6, "2026-12-28", False),
        ("2026-12-18", 7, "2026-12-29", True),
        ("2026-12-18", 10, "2027-01-04", True),
        ("2025-12-31", 1, "2026-01-04", False),
        ("2026-09-28", 0, "2026-09-28", False),
    ],
)
def test_adding_working_days(start: str, count: int, end: str, provisional: bool) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start), count) == (date.fromisoformat(end), provisional)


def test_a_year_is_provisional_until_its_notice_is_loaded() -> None:
    without_2026 = calendar_of(notice for notice in shipped_notices() if notice.year != 2026)

    assert (CALENDAR.is_provisional(2026), CALENDAR.is_provisional(2027)) == (False, True)
    assert without_2026.is_provisional(2026)
    assert without_2026.is_working_day(date(2026, 2, 16)), "the statute gives no lunar days for a year it was not told"
    assert not CALENDAR.is_working_day(date(2026, 2, 16))


def test_the_last_days_of_december_wait_for_the_next_notice() -> None:
    assert [CALENDAR.is_provisional_day(date(2026, 12, day)) for day in (28, 29, 31)] == [False, True, True]
    assert not CALENDAR.is_provisional_day(date(2025, 12, 31))


@given(day=DAYS, count=st.integers(1, 40))
def test_counting_back_gives_what_was_added(day: date, count: int) -> None:
    end, _provisional = CALENDAR.add_working_days(day, count)

    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(day, end) == count
    assert CALENDAR.working_days_between(end, day) == 0


@given(day=DAYS)
def test_the_neighbours_of_a_day_agree(day: date) -> None:
    works = CALENDAR.is_working_day(day)

    assert (CALENDAR.working_day_on_or_after(day) == day) is works
    assert (CALENDAR.last_working_day_on_or_before(day) == day) is works
    assert CALENDAR.next_working_day(CALENDAR.last_working_day_on_or_before(day)) == (
        CALENDAR.next_working_day(day) if works else CALENDAR.working_day_on_or_after(day)
    )
