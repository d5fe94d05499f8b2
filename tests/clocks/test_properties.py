"""What holds for every time limit, whatever the dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.clocks import dates
from cases.clocks.pauses import Pause, days_of, stretches_of
from cases.clocks.rules import load
from cases.clocks.steps import Extension
from jike.base.dates import CST, cst_date, end_of_day
from tests.clocks.counting import CALENDAR, summed

TABLE = load()
INSTANTS = st.datetimes(datetime(2019, 1, 1), datetime(2027, 6, 30), timezones=st.just(CST))  # noqa: DTZ001 - the zone is drawn
RULES = st.sampled_from([rule for code in TABLE.codes for rule in TABLE.of(code)])
DAY_RULES = RULES.filter(lambda rule: rule.unit != "hour")
CMP15 = TABLE.of("CMP15")[-1]


@st.composite
def pauses_of_november(draw: st.DrawFn, *, first: int = 2, last: int = 25) -> list[Pause]:
    """Pauses of a complaint received on 2026-11-01, some with overlap."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        begin = date(2026, 11, 1) + timedelta(days=draw(st.integers(first - 1, last)))
        kind = draw(st.sampled_from(["mediation", "appraisal"]))
        found.append(
            Pause(kind, begin, begin + timedelta(days=draw(st.integers(0, 12))), has_consent=True, is_noticed=True)
        )
    return found


def due(rule, started_at, pauses=()):
    return dates.due(rule, started_at, pauses=pauses, calendar=CALENDAR)


@given(rule=RULES, started_at=INSTANTS)
def test_the_lines_add_up_to_the_last_day(rule, started_at) -> None:
    found = due(rule, started_at)

    assert summed(found) == found.day
    assert found.at >= started_at or rule.length == 0


@given(rule=DAY_RULES, started_at=INSTANTS)
def test_the_hour_of_the_start_changes_nothing(rule, started_at) -> None:
    day = cst_date(started_at)

    assert (
        due(rule, datetime.combine(day, datetime.min.time(), tzinfo=CST)).at
        == due(rule, end_of_day(day)).at
        == due(rule, started_at).at
    )


@given(rule=DAY_RULES, started_at=INSTANTS)
def test_strict_ends_never_move_and_rolled_ends_are_worked(rule, started_at) -> None:
    found = due(rule, started_at)
    rolled = [line for line in found.lines if line.key == "roll"]

    if rule.end_rule == "strict":
        assert rolled == []
    else:
        assert CALENDAR.is_working_day(found.day)
        assert all(
            not CALENDAR.is_working_day(found.day - timedelta(days=n))
            for line in rolled
            for n in range(1, line.days + 1)
        )
    assert found.warn_on is None or (found.warn_on <= found.day and CALENDAR.is_working_day(found.warn_on))


@given(rule=RULES, started_at=INSTANTS, days=st.integers(1, 40))
def test_a_later_start_never_ends_earlier(rule, started_at, days) -> None:
    assert due(rule, started_at + timedelta(days=days)).at >= due(rule, started_at).at


@given(started_at=INSTANTS)
def test_a_calendar_period_has_exactly_its_days(started_at) -> None:
    found = due(CMP15, started_at)

    assert found.day - cst_date(started_at) == timedelta(days=15)
    assert not found.provisional


@given(pauses=pauses_of_november())
def test_pauses_never_end_the_period_earlier_and_their_order_does_not_matter(pauses) -> None:
    started_at = datetime(2026, 11, 1, 10, tzinfo=CST)
    found = due(CMP15, started_at, pauses)

    assert found.at >= due(CMP15, started_at).at
    assert summed(found) == found.day
    assert {
        due(CMP15, started_at, order).at for order in (pauses, pauses[::-1], sorted(pauses, key=lambda p: p.last))
    } == {found.at}
    assert due(CMP15, started_at, [*pauses, *pauses]).at == found.at


@given(pauses=pauses_of_november(last=14))
def test_pauses_within_the_period_add_exactly_their_days(pauses) -> None:
    started_at = datetime(2026, 11, 1, 10, tzinfo=CST)
    union = {p.first + timedelta(days=n) for p in pauses for n in range((p.last - p.first).days + 1)}

    assert due(CMP15, started_at, pauses).day - date(2026, 11, 16) == timedelta(days=len(union))
    assert sum(days_of(stretch) for stretch in stretches_of(pauses)) == len(union)


@given(pauses=pauses_of_november(last=14), cut=st.integers(0, 3))
def test_a_suspended_clock_has_the_days_left_that_it_then_gets(pauses, cut) -> None:
    started_at = datetime(2026, 11, 1, 10, tzinfo=CST)
    longest = max(pauses, key=lambda p: p.last)
    resumed = longest.last + timedelta(days=cut)
    open_pause = Pause("mediation", longest.first, None, has_consent=True)
    closed_pause = Pause("mediation", longest.first, resumed, has_consent=True)

    suspended, after = due(CMP15, started_at, [*pauses, open_pause]), due(CMP15, started_at, [*pauses, closed_pause])

    assert suspended.at is None
    assert after.day == resumed + timedelta(days=suspended.left)


@given(started_at=INSTANTS, asked=st.integers(0, 15), pauses=pauses_of_november())
def test_an_extended_period_equals_the_longer_one(started_at, asked, pauses) -> None:
    cmp30 = TABLE.of("CMP30")[-1]
    step = Extension(
        cmp30, started_at + timedelta(days=asked) if asked < 15 else end_of_day(due(CMP15, started_at).day), "情况复杂"
    )

    extended = dates.due(CMP15, started_at, extensions=[step], pauses=pauses, calendar=CALENDAR)

    assert extended.at == due(cmp30, started_at, pauses).at
    assert summed(extended) == extended.day


@given(rule=RULES, started_at=INSTANTS)
def test_warnings_rise_from_the_start_to_the_end(rule, started_at) -> None:
    found = due(rule, started_at)
    moments = [started_at, *found.warnings, found.at]

    assert len(found.warnings) == len(rule.warn)
    assert moments == sorted(moments) or rule.length == 0


@given(rule=DAY_RULES.filter(lambda rule: rule.warn and rule.length), started_at=INSTANTS)
def test_warnings_come_on_working_days_and_never_later_than_their_share(rule, started_at) -> None:
    found = due(rule, started_at)

    for percent, moment in zip(rule.warn, found.warnings, strict=True):
        share = started_at + (found.at - started_at) * percent / 100
        assert moment <= share
        assert CALENDAR.is_working_day(cst_date(moment)) or moment == started_at
        assert not any(
            CALENDAR.is_working_day(cst_date(moment) + timedelta(days=n))
            for n in range(1, (cst_date(share) - cst_date(moment)).days + 1)
        ) or moment == min(found.warnings[rule.warn.index(percent) :])
