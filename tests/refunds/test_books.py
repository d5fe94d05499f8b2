"""The lists of money on the workbench, and the day that ties to the core system's own book or says where it does not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jike.base.dates import cst_date, end_of_day, pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from lending.models import Order, Statement
from lending.orders import books
from lending.orders.fake import FakeLending
from refunds.desk import money
from refunds.models import Refund
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast
from tests.refunds.test_desk import as_staff

DAY = date(2026, 11, 20)
MIDNIGHT = end_of_day(DAY) + timedelta(seconds=1)
CLEAN: dict[str, Any] = {"service": {"state": "none"}}


@pytest.fixture
def paid(cast: Cast, core: FakeLending) -> Refund:
    """A clean return whose orders the core system confirmed."""
    core.clock = lambda: ASKED
    case = factory.requested(factory.loan(**CLEAN))
    factory.work(ASKED, rounds=12)
    return factory.fresh(case)


def taken(now: Any = ASKED + timedelta(hours=1)) -> str:
    """The day's book is asked for and compared; how the job ended."""
    with pinned(now):
        books.ask_for_statement(DAY, now=now)
        jobs.run_due(clock=lambda: now)
    job = Job.objects.filter(topic=books.TOPIC).latest("created_at")
    return f"{job.state} {job.last_error}".strip()


def test_a_day_ties_to_the_cent_and_every_number_is_a_list(cast: Cast, paid: Refund) -> None:
    assert taken() == "done"
    page = money.day_page(DAY)

    kinds = {one.kind: (one.ours, one.theirs, str(one.ours_cny), str(one.theirs_cny)) for one in page["kinds"]}
    assert kinds["refund_consumer"] == (1, 1, "300.00", "300.00")
    assert kinds["clawback_merchant"] == (1, 1, "12000.00", "12000.00")
    assert page["ours_cny"] == page["theirs_cny"] and page["faults"] == 0
    for which in ("ours", "theirs"):
        rows = money.orders_of_day(DAY, "refund_consumer", which)
        assert [(str(row["ours"]), str(row["theirs"]), row["case"].number) for row in rows] == [
            ("300.00", "300.00", paid.number)
        ]
    client = as_staff(cast.supervisor)
    with pinned(ASKED + timedelta(hours=1)):
        assert client.get("/staff/returns/day/?on=2026-11-20").status_code == 200
        assert (
            paid.number
            in client.get("/staff/returns/day/orders/?on=2026-11-20&kind=refund_consumer&which=ours").content.decode()
        )
        assert as_staff(cast.handler).get("/staff/returns/day/").status_code == 404


def other_amount(core: FakeLending, number: str) -> None:
    core.book[number]["amount"] = "299.99"


def missing(core: FakeLending, number: str) -> None:
    del core.ended[number]


def turned(core: FakeLending, number: str) -> None:
    core.ended[number] = ("failed", core.ended[number][1])


@pytest.mark.parametrize(("spoil", "fault"), [(other_amount, "amount"), (missing, "missing"), (turned, "ending")])
def test_what_does_not_tie_is_named_and_stops_the_return(
    cast: Cast, core: FakeLending, paid: Refund, spoil: Any, fault: str
) -> None:
    number = next(number for number, one in core.book.items() if one["kind"] == "refund_consumer")
    spoil(core, number)

    assert taken() == "done"

    found = {pair.fault: pair.key for pair in books.compared(DAY) if pair.fault}
    assert found == {fault: core.book[number]["key"]}
    assert factory.fresh(paid).state == "stuck"
    assert cast.supervisor.user.notices.filter(code="return.stuck", case_id=paid.pk).exists()


def test_what_nobody_ordered_lies_with_the_dead_letters(core: FakeLending, paid: Refund) -> None:
    number = core.take({"key": "somebody", "kind": "refund_consumer", "loan": "JK-X", "amount": "5.00"})
    core.ended[number] = ("confirmed", ASKED)

    assert taken() == "dead statement.unknown_order"
    assert [pair.key for pair in books.compared(DAY) if pair.fault == "unknown"] == ["somebody"]


def test_an_order_heard_of_after_midnight_is_of_their_day(cast: Cast, core: FakeLending) -> None:
    core.clock, core.ends_as = lambda: MIDNIGHT - timedelta(seconds=1), "accepted"
    factory.requested(factory.loan(**CLEAN), now=MIDNIGHT - timedelta(minutes=1))
    factory.work(MIDNIGHT - timedelta(seconds=50), rounds=5)
    core.ends_as = "confirmed"
    factory.work(MIDNIGHT + timedelta(seconds=1), rounds=12)
    order = Order.objects.get(kind="refund_consumer")
    assert cst_date(order.ended_at) == DAY + timedelta(days=1) and cst_date(core.ended[order.external_id][1]) == DAY
    assert taken(MIDNIGHT + timedelta(hours=2)) == "done"

    assert not [pair for pair in books.compared(DAY) if pair.fault]
    assert order.key in [pair.key for pair in books.compared(DAY)]
    assert order.key not in [pair.key for pair in books.compared(DAY + timedelta(days=1))]


def test_yesterday_is_taken_once_after_midnight_and_a_statement_stays(core: FakeLending, paid: Refund) -> None:
    books.fetch_yesterday(ASKED + timedelta(hours=14, minutes=30))  # half past midnight
    assert not Job.objects.filter(topic=books.TOPIC).exists()
    for hours in (15.5, 16, 20):
        books.fetch_yesterday(ASKED + timedelta(hours=hours))
    assert [job.body["day"] for job in Job.objects.filter(topic=books.TOPIC)] == ["2026-11-20"]

    taken()
    for statement in ("UPDATE lending_statement SET lines = '[]'", "DELETE FROM lending_statement"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Statement.objects.exists()


def test_what_waits_is_listed_with_its_cause_its_age_and_the_next_act(cast: Cast) -> None:
    stuck = factory.a_return(cast, at="stuck")
    factory.a_return(
        cast,
        at="undecided",
        about=factory.loan(external_id="JK-2", contract_no="HT-2", principal_cents=9_600_000, **CLEAN),
    )
    now = stuck.last_event_at + timedelta(hours=3)

    (row,) = money.queue(cast.handler.actor, money.BY_CODE["stuck"], now=now)
    assert (row.case.pk, row.age, row.act) == (stuck.pk, timedelta(hours=3), "retry_leg")
    (deciding,) = money.queue(cast.handler.actor, money.BY_CODE["deciding"], now=now)
    assert deciding.act == "propose"
    assert {bucket.code: n for bucket, n in money.counts(cast.handler.actor) if n} == {"stuck": 1, "deciding": 1}
    failed = money.open_legs(cast.handler.actor, state="failed", now=now)
    assert [(one.act, str(one.leg.amount)) for one in failed] == [("retry_leg", "300.00")]
    (owed,) = money.owed_by_merchants(cast.handler.actor, now=now)
    assert (owed.merchant, str(owed.total)) == (stuck.merchant.name, "12000.00")
    assert money.queue(cast.stranger.actor, money.BY_CODE["stuck"], now=now) == []

    client = as_staff(cast.handler)
    with pinned(now):
        for path in (
            "/staff/returns/",
            "/staff/returns/legs/?state=failed",
            "/staff/returns/clawbacks/",
            "/staff/queue/stuck/",
        ):
            assert stuck.number in client.get(path).content.decode(), path
        assert client.get("/staff/returns/nothing/").status_code == 404
        form = client.get(f"/staff/cases/{stuck.number}/retry_leg/?leg={failed[0].leg.pk}")
        assert form.context["form"]["leg"].value() == str(failed[0].leg.pk)


def test_a_longer_list_asks_the_database_no_more(cast: Cast, django_assert_num_queries: Any) -> None:
    """Two for the list, returns with loan and merchant, and their checks; one for the legs."""
    for n in (2, 3, 4):
        factory.a_return(
            cast,
            at="undecided",
            about=factory.loan(external_id=f"JK-{n}", contract_no=f"HT-{n}", principal_cents=9_600_000, **CLEAN),
        )
        with django_assert_num_queries(2):
            assert len(money.queue(cast.handler.actor, money.BY_CODE["deciding"], now=ASKED)) == n - 1
        with django_assert_num_queries(1):
            assert len(money.open_legs(cast.handler.actor, now=ASKED)) == n - 1


def test_with_nothing_to_show_every_list_says_so(cast: Cast) -> None:
    client = as_staff(cast.supervisor)
    for path in ("", "completed/", "legs/", "clawbacks/", "day/", "day/orders/"):
        assert client.get(f"/staff/returns/{path}").status_code == 200, path
