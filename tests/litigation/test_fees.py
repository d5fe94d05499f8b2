"""The court's fee: its bands, who advances it, its seven days, and what is left of it at the end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.clocks import ledger as clocks
from cases.litigation import actions
from cases.litigation.fees import fee_of
from cases.litigation.models import CourtFee, Litigation
from cases.litigation.panels import assessment_panel, money_panel
from cases.litigation.portal.pages import page_context
from cases.models import Message
from jike.base.dates import CST, pinned
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.privacy import open_sealed
from tests.factories import litigations as factory
from tests.matrices import refused_by_the_database
from tests.people import Cast

NOTICED = date(2026, 10, 9)
NOW = datetime(2026, 10, 10, 12, tzinfo=CST)
ASKED: dict[str, Any] = {"what": "claim", "cny": Decimal("74.38"), "by": "consumer", "noticed_on": NOTICED}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def asked(cast: Cast, **more: Any) -> Litigation:
    case = factory.litigation(cast, at="docketed")
    return actions.record_fee(case, actor=factory.counsel().actor, now=NOW, **(ASKED | more))


def settled(case: Litigation, **given: Any) -> Litigation:
    given = {"settled": "paid", "cny": ASKED["cny"], "settled_on": NOTICED, "evidence": "电子票据 8"} | given
    return actions.settle_fee(case, actor=factory.counsel().actor, now=NOW, **given)


@pytest.mark.parametrize(
    ("claim", "full", "half"),
    [
        ("0.01", "50.00", "25.00"),
        ("10000.00", "50.00", "25.00"),
        ("10000.01", "50.00", "25.00"),
        ("13950.00", "148.75", "74.38"),
        ("100000.00", "2300.00", "1150.00"),
        ("200000.00", "4300.00", "2150.00"),
        ("500000.00", "8800.00", "4400.00"),
        ("1000000.00", "13800.00", "6900.00"),
        ("2000000.00", "22800.00", "11400.00"),
        ("5000000.00", "46800.00", "23400.00"),
        ("10000000.00", "81800.00", "40900.00"),
        ("20000000.00", "141800.00", "70900.00"),
        ("30000000.00", "191800.00", "95900.00"),
    ],
)
def test_the_fee_is_added_up_band_by_band(claim: str, full: str, half: str) -> None:
    fee = fee_of(Decimal(claim))

    assert (fee.full, fee.half) == (Decimal(full), Decimal(half))
    assert sum(line.cny for line in fee.lines) == fee.full and sum(line.part for line in fee.lines) == Decimal(claim)
    assert (fee.by("ordinary"), fee.by("simplified"), fee.by("small")) == (fee.full, fee.half, fee.half)


def test_the_assessment_shows_the_fee_with_its_lines_and_source(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessed")

    item = next(
        item for item in assessment_panel(case).items if "148.75" in str(item.notes) or "74.38" in str(item.what)
    )

    notes = " ".join(str(note) for note in item.notes)
    assert "74.38" in str(item.what)  # by the small-claims test
    assert all(
        part in notes for part in ("50.00", "3,950.00", "2.5", "98.75", "148.75", "FEE2006 art 13", "2007-04-01")
    )


def test_a_notice_begins_seven_days_and_tells_the_consumer_who_advances_it(cast: Cast) -> None:
    case = asked(cast)

    clock = clocks.running(case, family="FEE7")
    assert clock is not None and clock.due_at is not None
    assert clock.due_at.astimezone(CST).date() == date(2026, 10, 16)
    told = Message.objects.get(case=case, template="litigation/messages/fee.2026-11", channel="inbox")
    body = open_sealed(told, "body")
    assert all(part in body for part in ("74.38", "2026年10月16日", "由您预交", "缓交"))
    shown = page_context(case, factory.consumer_of(case), now=NOW)["last_days"]
    assert "FEE7" in [row.family for row in shown]
    with pytest.raises(Refused) as refused:
        actions.record_fee(case, actor=factory.counsel().actor, now=NOW, **ASKED)
    assert codes(refused) == ["fee.open"]


def test_what_the_house_advances_is_no_day_of_the_consumer_and_reminds_counsel_alone(cast: Cast) -> None:
    case = asked(cast, by="house")
    assert "FEE7" not in [row.family for row in page_context(case, factory.consumer_of(case), now=NOW)["last_days"]]
    before = Message.objects.filter(case=case, channel="inbox").count()

    clock = clocks.running(case, family="FEE7")
    assert clock is not None
    job = Job.objects.filter(topic="litigation.remind_clock", body__clock=str(clock.pk)).order_by("due_at").first() or (
        Job.objects.filter(body__clock=str(clock.pk)).order_by("due_at").first()
    )
    assert job is not None
    with pinned(job.due_at + timedelta(minutes=1)):
        jobs.run_job(job.pk)

    assert case.events.filter(verb="litigation.remind").count() == 1
    assert Message.objects.filter(case=case, channel="inbox").count() == before


def test_a_paid_fee_is_noted_among_the_costs_and_what_comes_back_is_taken_off(cast: Cast) -> None:
    case = settled(asked(cast, by="house"), cny=Decimal("70.00"))

    row = case.court_fees.get()
    assert row.paid is not None
    assert (row.settled, row.paid.what, row.paid.by, row.paid.cny) == ("paid", "court_fee", "house", Decimal("70.00"))
    assert clocks.running(Litigation.objects.get(pk=case.pk), family="FEE7") is None
    back = {"what": "fee_back", "by": "court", "cny": Decimal("20.00"), "on": NOTICED}
    case = actions.record_sum(case, actor=factory.counsel().actor, now=NOW, **back)
    shown = " ".join(str(item.what) for item in money_panel(case).items)
    assert all(part in shown for part in ("¥70.00", "¥20.00", "¥50.00"))


@pytest.mark.parametrize("how", ["waived", "deferred"])
def test_a_court_that_waives_or_defers_takes_nothing(how: str, cast: Cast) -> None:
    case = asked(cast)
    with pytest.raises(Refused) as refused:
        settled(case, settled=how)
    assert codes(refused) == ["cny.none"]

    case = settled(case, settled=how, cny=None)

    assert case.court_fees.get().settled == how and not case.sums.exists()
    with pytest.raises(Refused) as refused:
        settled(case)
    assert codes(refused) == ["fee.none"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"cny": Decimal("74.39")}, "cny.impossible"),
        ({"cny": None}, "cny.impossible"),
        ({"settled": ""}, "settled.unknown"),
        ({"settled_on": NOTICED - timedelta(days=1)}, "settled_on.impossible"),
        ({"evidence": " "}, "evidence.missing"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused(given: dict[str, Any], code: str, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        settled(asked(cast), **given)
    assert code in codes(refused)


def test_the_database_settles_a_fee_once_and_changes_none(cast: Cast) -> None:
    case = asked(cast)
    rows = CourtFee.objects.filter(case=case)
    refused_by_the_database(lambda: rows.update(cny=Decimal(1)), "never changes")
    refused_by_the_database(lambda: rows.update(settled="paid", settled_on=NOTICED), "courtfee_settled_whole")
    settled(case)
    refused_by_the_database(lambda: rows.update(settled="waived", paid=None), "never changes")
    refused_by_the_database(lambda: rows.delete(), "never changes")
