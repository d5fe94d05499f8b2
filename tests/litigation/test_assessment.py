"""The assessment as arithmetic: small claims, courts, and limitation with everything that interrupts it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.clocks import ledger as clocks
from cases.litigation import actions, limitation
from cases.litigation.assessment import courts, small_claims, wage_for
from cases.litigation.counting import limitation_of
from cases.litigation.house_rules import Wage
from cases.litigation.limitation import Fact
from cases.litigation.models import LimitationFact, Litigation
from jike import calendars
from jike.base.dates import CST
from jike.base.errors import Refused
from tests.factories import litigations as factory
from tests.people import Cast

WAGE = Wage("CN", 2024, Decimal("100000.00"), "text")
KNEW = date(2026, 11, 22)


def count(*facts: Fact, base: date = KNEW, harmed: date | None = None) -> limitation.Limitation:
    given = {"harmed_on": harmed or base, "received_on": base, "calendar": calendars.current()}
    return limitation.count(base, facts, **given)


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    ("claim", "is_money", "band"),
    [
        ("0.01", True, "must"),
        ("50000.00", True, "must"),
        ("50000.01", True, "may"),
        ("200000.00", True, "may"),
        ("200000.01", True, "not"),
        ("100.00", False, "not"),
    ],
)
def test_the_small_claims_test_stands_on_the_wage(claim: str, is_money: bool, band: str) -> None:
    assert small_claims(Decimal(claim), WAGE, is_money_claim=is_money).band == band


def test_the_wage_is_that_of_the_year_before_and_says_how_it_was_read() -> None:
    found = wage_for("SH", year=2026)

    assert found == Wage("CN", 2024, Decimal("124110.00"), "second hand")
    assert wage_for("SH", year=2024) == Wage("CN", 2023, Decimal("120698.00"), "second hand")
    assert wage_for("SH", year=2020) is None
    assert small_claims(Decimal(1), found, is_money_claim=True).is_provisional
    assert not small_claims(Decimal(1), WAGE, is_money_claim=True).is_provisional


@pytest.mark.parametrize(
    ("dispute", "places", "is_money", "grounds"),
    [
        ("contract", {}, True, ["defendant", "receiver"]),
        ("contract", {}, False, ["defendant"]),
        ("contract", {"performance_place": "杭州"}, True, ["defendant", "performance"]),
        ("contract", {"agreed_place": "北京"}, True, ["agreed", "defendant", "receiver"]),
        ("tort", {"tort_place": "苏州"}, True, ["defendant", "tort"]),
        ("real_estate", {"agreed_place": "北京"}, True, ["real_estate"]),
    ],
)
def test_the_courts_that_can_be_chosen_are_those_of_the_table(
    dispute: str,
    places: dict[str, str],
    is_money: bool,
    grounds: list[str],
) -> None:
    found = courts(dispute, places, is_money_claim=is_money)

    assert [one.ground for one in found] == grounds
    assert all(one.source.startswith("CPL") for one in found)


@pytest.mark.rule("R49")
def test_limitation_runs_three_years_and_a_demand_starts_it_anew(db: None) -> None:
    assert count().last_day == date(2029, 11, 22)

    found = count(Fact("demand", date(2027, 3, 1)))

    assert found.last_day == date(2030, 3, 1)
    assert [(s.why, s.start) for s in found.stretches] == [("", KNEW), ("demand", date(2027, 3, 1))]
    lines = found.stretches[-1].due.lines
    assert lines[0].key == "start" and lines[0].day == date(2027, 3, 1)  # the day itself is not counted
    assert sum(line.days for line in lines if line.counts) == (date(2030, 3, 1) - date(2027, 3, 1)).days


@pytest.mark.rule("R49")
@pytest.mark.parametrize("kind", ["suit", "payment_order", "mediation", "police"])
def test_a_proceeding_interrupts_until_its_end_is_known(kind: str, db: None) -> None:
    going_on = count(Fact(kind, date(2027, 3, 1)))
    over = count(Fact(kind, date(2027, 3, 1), date(2027, 6, 10)))

    assert (going_on.waits_for, going_on.running, going_on.last_day) == (kind, None, None)
    assert over.last_day == date(2030, 6, 10)


@pytest.mark.rule("R49")
def test_a_demand_during_a_proceeding_or_before_the_first_day_makes_nothing_shorter(db: None) -> None:
    found = count(Fact("mediation", date(2027, 3, 1), date(2027, 9, 1)), Fact("demand", date(2027, 4, 1)))

    assert found.last_day == date(2030, 9, 2)  # the 1st is a Sunday
    assert [s.why for s in found.stretches] == ["", "mediation"]
    assert count(Fact("demand", KNEW - timedelta(days=30))).last_day == count().last_day


@pytest.mark.rule("R49")
def test_an_assessment_is_corrected_to_an_earlier_day(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessed")
    now, earlier = factory.moment_of("assessed"), date(2026, 8, 10)

    given = factory.ASSESSMENT | {"knew_on": earlier}
    case = actions.record_assessment(case, actor=factory.counsel().actor, now=now, **given)

    running = clocks.running(case, family="LIM")
    assert running is not None and running.started_at.astimezone(CST).date() == earlier
    replaced = case.clocks.get(family="LIM", state="replaced")
    assert replaced.stopped_at == replaced.started_at


@pytest.mark.rule("R49")
def test_a_proceeding_stops_a_count_that_has_not_begun_yet(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessing")
    now, counsel = factory.moment_of("assessing"), factory.counsel().actor
    given = factory.ASSESSMENT | {"last_due_on": date(2027, 5, 1)}
    case = actions.record_assessment(case, actor=counsel, now=now, **given)

    on = now.astimezone(CST).date()
    case = actions.record_interruption(case, actor=counsel, now=now, kind="police", on=on, **factory.SAID)

    assert clocks.running(case, family="LIM") is None
    stopped = case.clocks.get(family="LIM")
    assert stopped.stopped_at == stopped.started_at


def test_a_debt_in_instalments_counts_from_the_last_due_day_and_a_day_off_rolls(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessing")
    # Three years after 2023-10-02 is a day of the national holiday of 2026.
    given = factory.ASSESSMENT | {"knew_on": date(2023, 10, 2), "harmed_on": None}
    now = factory.moment_of("assessing")
    case = actions.record_assessment(case, actor=factory.counsel().actor, now=now, **given)
    found = limitation_of(case)
    assert found is not None and found.last_day == date(2026, 10, 8)
    assert [line.key for line in found.stretches[0].due.lines if line.counts] == ["start", "period", "roll"]

    given |= {"last_due_on": date(2024, 3, 15)}
    case = actions.record_assessment(case, actor=factory.counsel().actor, now=now, **given)
    assert limitation_of(case).last_day == date(2027, 3, 15)  # type: ignore[union-attr]
    assert clocks.running(case, family="LIM").started_at.astimezone(CST).date() == date(2024, 3, 15)  # type: ignore[union-attr]


def test_twenty_years_after_the_harm_nothing_interrupts_any_more(db: None) -> None:
    found = count(Fact("demand", date(2026, 11, 20)), base=date(2024, 1, 5), harmed=date(2007, 2, 1))

    assert found.stretches[-1].due.day == date(2029, 11, 20)
    assert (found.cap.day, found.last_day) == (date(2027, 2, 1), date(2027, 2, 1))


def test_an_obstacle_in_the_last_six_months_leaves_six_months_after_it(db: None) -> None:
    early = count(Fact("obstacle", date(2028, 1, 1), date(2028, 12, 31)))
    late = count(Fact("obstacle", date(2029, 6, 1), date(2029, 8, 31)))
    going_on = count(Fact("obstacle", date(2029, 6, 1)))

    assert early.last_day == date(2029, 11, 22)
    assert late.last_day == date(2030, 2, 28)  # February has no 31st
    assert going_on.waits_for == "obstacle"


def test_what_comes_after_the_end_revives_nothing(db: None) -> None:
    found = count(Fact("demand", date(2026, 5, 1)), base=date(2022, 1, 10))

    assert found.lapsed_on == date(2025, 1, 10)
    assert len(found.stretches) == 1


@pytest.mark.rule("R49")
def test_the_clocks_of_the_case_follow_the_facts_whatever_their_order(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessed")
    now, actor = factory.moment_of("assessed"), factory.counsel().actor
    first = clocks.running(case, family="LIM")
    assert first is not None and first.due_at is not None

    case = actions.record_interruption(case, actor=actor, now=now, kind="demand", on=date(2026, 9, 20), **factory.SAID)
    after = clocks.running(case, family="LIM")
    case = actions.record_interruption(case, actor=actor, now=now, kind="demand", on=date(2026, 9, 1), **factory.SAID)

    assert after is not None and after.due_at is not None and after.due_at > first.due_at
    assert clocks.running(case, family="LIM") == after  # an earlier demand changes nothing
    case = actions.record_interruption(case, actor=actor, now=now, kind="police", on=date(2026, 9, 25), **factory.SAID)
    assert clocks.running(case, family="LIM") is None
    fact = LimitationFact.objects.get(case=case, kind="police")
    case = actions.end_interruption(case, actor=actor, now=now, fact=fact, until=date(2026, 9, 28))
    running = clocks.running(case, family="LIM")
    assert running is not None and running.started_at.astimezone(CST).date() == date(2026, 9, 28)
    assert clocks.running(case, family="LIM_CAP") is not None
    with pytest.raises(Refused) as refused:
        actions.end_interruption(case, actor=actor, now=now, fact=fact, until=date(2026, 9, 29))
    assert [b.code for b in refused.value.blockers] == ["fact.none"]


def test_every_reason_against_an_assessment_is_named_at_once(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessing")
    now = factory.moment_of("assessing")
    tomorrow = now.date() + timedelta(days=1)
    given = {"claim_cny": Decimal(0), "dispute": "x", "province": "ZZ", "knew_on": None, "harmed_on": tomorrow}

    with pytest.raises(Refused) as refused:
        actions.record_assessment(case, actor=factory.counsel().actor, now=now, **given)

    codes = {"claim_cny.missing", "dispute.unknown", "province.unknown", "knew_on.missing", "harmed_on.future"}
    assert {b.code for b in refused.value.blockers} == codes
    assert case.clocks.count() == 0


def test_the_province_is_one_and_the_places_are_sealed(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessing")
    now, counsel = factory.moment_of("assessing"), factory.counsel().actor
    with pytest.raises(Refused) as refused:
        actions.record_assessment(case, actor=counsel, now=now, **(factory.ASSESSMENT | {"province": "CN"}))
    assert [b.code for b in refused.value.blockers] == ["province.unknown"]

    places = {"tort_place": "苏州市姑苏区", "property_place": "杭州市西湖区"}
    case = actions.record_assessment(case, actor=counsel, now=now, **(factory.ASSESSMENT | places))

    assert places.items() <= case.places.items()
    row = Litigation.objects.values(*places).get(pk=case.pk)
    assert not any(place in str(row[name]) for name, place in places.items())


def test_a_court_outside_the_table_is_refused(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessed")
    now = factory.moment_of("assessed")

    with pytest.raises(Refused) as refused:
        actions.begin_collecting(case, actor=factory.counsel().actor, now=now, ground="tort", court=" ")

    assert [b.code for b in refused.value.blockers] == ["ground.unknown", "court.missing"]
