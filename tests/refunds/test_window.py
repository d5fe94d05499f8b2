"""Until when a loan may be returned for nothing: to the second, around holidays, by the first word in any channel."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.clocks.dates import due
from cases.clocks.rules import rule
from jike.base.dates import cst_date
from jike.calendars.notices import shipped_calendar
from refunds.window import Contact, Window, asks_for_return, first_request, window_of, windows_of
from tests.refunds.loans import at, loan, sent

CALENDAR = shipped_calendar()


def window(credited: str) -> Window:
    return window_of("D-1", at(credited), calendar=CALENDAR)


@pytest.mark.rule("R31")
def test_seven_shanghai_days_after_the_day_of_the_money_to_the_last_second() -> None:
    found = window("2026-11-16T15:20:00")

    assert found.last_moment == at("2026-11-23T23:59:59")
    assert found.holds(at("2026-11-23T15:20:01")), "168 hours would be shorter for the consumer"
    assert found.holds(at("2026-11-23T23:59:59.999999"))
    assert not found.holds(at("2026-11-24T00:00:00"))
    assert [window(f"2026-11-16T{clock}").last_moment for clock in ("00:00:00", "23:59:59")] == [found.last_moment] * 2
    assert window("2026-11-17T00:00:00").last_moment == at("2026-11-24T23:59:59")


@pytest.mark.rule("R32")
@pytest.mark.parametrize(
    ("credited", "last"),
    [
        ("2026-09-30T10:00", "2026-10-08"),
        ("2026-09-28T10:00", "2026-10-08"),
        ("2026-09-27T10:00", "2026-10-08"),
        ("2026-10-03T10:00", "2026-10-10"),  # a Saturday on which people work
        ("2026-02-08T10:00", "2026-02-24"),
        ("2026-11-21T10:00", "2026-11-30"),  # the 28th is a Saturday
        ("2026-12-25T10:00", "2027-01-04"),
    ],
)
def test_a_last_day_off_moves_to_the_next_working_day(credited: str, last: str) -> None:
    found = window(credited)

    assert found.last_moment == at(f"{last}T23:59:59")
    assert found.provisional == last.startswith("2027")


def test_a_second_late_is_late_and_counted() -> None:
    found = window("2026-11-16T15:20:00")

    moments = ["2026-11-23T23:59:59", "2026-11-24T00:00:00", "2026-11-24T01:00:00"]
    assert [found.seconds_late(at(moment)) for moment in moments] == [0, 1, 3601]


@pytest.mark.rule("R33")
def test_the_first_word_in_any_channel_counts_whenever_it_is_registered() -> None:
    late = at("2026-11-25T09:00:00")
    said = [
        Contact(at("2026-11-24T09:00"), "staff", asks=True, recorded_at=at("2026-11-24T09:00")),
        Contact(at("2026-11-20T10:00"), "wechat", "什么时候还款？"),
        Contact(at("2026-11-22T20:00"), "wechat", "我想 退 贷，怎么办", recorded_at=late),
        Contact(at("2026-11-23T21:30"), "phone", asks=True, recorded_at=late, evidence="recording 17"),
    ]

    assert first_request(said) == said[2]
    assert first_request([said[0], said[3]]) == said[3]
    assert window("2026-11-16T15:20").holds(first_request([said[0], said[3]]).at)
    assert first_request(said[1:2]) is None
    assert not window("2026-11-16T15:20").holds(first_request(said[:1]).at)


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("我要退贷", True),
        ("７天免费退", True),
        ("请取消 贷款", True),
        ("退\n贷", True),
        ("我要退款", False),
        ("", False),
    ],
)
def test_a_return_is_asked_for_however_it_is_written(text: str, asks: bool) -> None:
    assert asks_for_return(text) is asks


@pytest.mark.rule("R34")
def test_every_drawdown_has_its_own_window_and_a_failed_one_has_none() -> None:
    paid = [
        sent("D-2", 100, when="2026-11-20T09:00"),
        sent("D-1", 100, when="2026-11-16T15:20"),
        sent("D-0", 100, when="2026-11-10T09:00", status="failed"),
    ]

    found = windows_of(loan(disbursements=paid), calendar=CALENDAR)

    assert [(one.drawdown, one.last_moment) for one in found] == [
        ("D-1", at("2026-11-23T23:59:59")),
        ("D-2", at("2026-11-27T23:59:59")),
    ]
    assert windows_of(loan(disbursements=paid[2:]), calendar=CALENDAR) == ()


@given(st.integers(0, 1_400 * 86_400).map(lambda seconds: at("2024-01-01") + timedelta(seconds=seconds)))
def test_the_window_is_never_shorter_than_seven_days_and_ends_on_a_working_day(credited: datetime) -> None:
    found = window_of("D", credited, calendar=CALENDAR)

    last = cst_date(found.last_moment)
    assert found.last_moment - credited >= timedelta(days=7) - timedelta(seconds=1)
    assert CALENDAR.is_working_day(last)
    days = (last - cst_date(credited)).days
    assert all(not CALENDAR.is_working_day(cst_date(credited) + timedelta(days=n)) for n in range(7, days))
    assert found.due == due(rule("RET7", on=cst_date(credited)), credited, calendar=CALENDAR)
