"""Orders to the core lending system: one effect per key, whatever the line does, and an end that stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from jike.accounts.roles import machine_actor
from jike.base.dates import CST, pinned
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.outbox.models import Job
from lending.models import Loan, Order
from lending.orders.actions import NewOrder, place_orders, record_ending
from lending.orders.fake import FakeLending
from lending.orders.gateway import Gateway
from lending.orders.handlers import carry_order
from tests.lending.documents import starter, told

BACK = NewOrder("return:JK-1:R-1", "refund_consumer", 30_000, "repayment:R-1")
STOP = NewOrder("return:JK-1:suppress", "suppress")


@pytest.fixture
def core(settings: object) -> Iterator[FakeLending]:
    settings.OUTBOX_DOORBELL = False
    with FakeLending() as fake:
        settings.LENDING_URL = fake.url
        yield fake


@pytest.fixture
def loan(db: None, core: FakeLending) -> Loan:
    starter()
    return told().loan


def place(loan: Loan, *wanted: NewOrder) -> list[Order]:
    return place_orders(loan, wanted, actor=machine_actor("importer"), now=current_instant())


def work(hours: float = 3) -> datetime:
    """Let everything fall due, with its pauses, for some hours."""
    start = current_instant()
    for minute in range(int(hours * 60)):
        at = start + timedelta(minutes=minute)
        with pinned(at):
            jobs.run_due(clock=current_instant)
        if not Order.objects.filter(ended_at=None).exists():
            return at
    return start + timedelta(hours=hours)


def states() -> dict[str, str]:
    return dict(Order.objects.values_list("key", "state"))


def test_an_order_is_sent_with_its_key_and_asked_after_until_it_ended(loan: Loan, core: FakeLending) -> None:
    core.ends_as = "accepted"
    placed = place(loan, BACK, STOP)
    jobs.run_due()
    assert states() == {BACK.key: "sent", STOP.key: "sent"}

    core.ends_as = "confirmed"
    work()

    assert states() == {BACK.key: "confirmed", STOP.key: "confirmed"}
    placed[0].refresh_from_db()
    assert core.book[placed[0].external_id] == {
        "key": BACK.key, "kind": "refund_consumer", "loan": loan.number, "amount": "300.00", "to": "repayment:R-1",
    }  # fmt: skip
    assert core.arrivals == {BACK.key: 1, STOP.key: 1}


@pytest.mark.parametrize("fault", ["reset", "garbage"])
def test_an_order_that_was_taken_but_not_answered_is_asked_after_and_never_sent_again(
    loan: Loan, core: FakeLending, fault: str
) -> None:
    core._dedupe = False
    core.fail(fault)
    place(loan, BACK)

    work()

    assert states() == {BACK.key: "confirmed"}
    assert (core.arrivals[BACK.key], list(core.keys())) == (1, [BACK.key])


@pytest.mark.parametrize("fault", ["lost", "500"])
def test_an_order_that_never_arrived_is_sent_again(loan: Loan, core: FakeLending, fault: str) -> None:
    core._dedupe = False
    core.fail(fault, fault)
    place(loan, BACK)

    work()

    assert states() == {BACK.key: "confirmed"}
    assert list(core.keys()) == [BACK.key]


def test_an_order_refused_for_good_has_failed_and_one_without_address_waits(
    loan: Loan, core: FakeLending, settings: object
) -> None:
    core.fail("422")
    place(loan, BACK)
    work()
    assert (states(), core.book) == ({BACK.key: "failed"}, {})

    settings.LENDING_URL = ""
    place(loan, STOP)
    jobs.run_due()
    assert states()[STOP.key] == "requested"
    settings.LENDING_URL = core.url
    work()
    assert states()[STOP.key] == "confirmed"


def test_the_same_key_is_the_same_order_and_never_another(loan: Loan, core: FakeLending) -> None:
    first = place(loan, BACK)
    assert place(loan, BACK, STOP)[0] == first[0]

    with pytest.raises(Refused) as no:
        place(loan, NewOrder("new", "hold"), NewOrder(BACK.key, "refund_consumer", 30_001, "repayment:R-1"))

    assert [blocker.code for blocker in no.value.blockers] == ["order.contradicted"]
    assert Order.objects.count() == 2
    work()
    assert core.arrivals == {BACK.key: 1, STOP.key: 1}


def test_an_order_of_a_transaction_that_rolls_back_is_never_sent(loan: Loan, core: FakeLending) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        place(loan, BACK)
        raise RuntimeError

    jobs.run_due()

    assert (core.book, Order.objects.count()) == ({}, 0)


def test_an_order_without_an_answer_is_announced_again_in_another_hour_and_not_in_the_same(
    loan: Loan, core: FakeLending
) -> None:
    (order,) = place(loan, BACK)
    core.fail("500", "500", "500", "500")
    at = datetime(2026, 11, 20, 10, 5, tzinfo=CST)
    for minutes in (0, 5, 50, 60):
        with pinned(at + timedelta(minutes=minutes)):
            job = SimpleNamespace(body={"order": order.pk}, attempts=2)
            with pytest.raises(jobs.Failed):
                carry_order(job)

    told = Job.objects.filter(topic="lending.order_changed", body__doubt="order.unanswered")
    assert [told.count(), len(set(told.values_list("dedupe_key", flat=True)))] == [2, 2]


def test_an_ending_told_a_hundred_times_is_kept_once_and_not_turned(loan: Loan) -> None:
    (order,) = place(loan, BACK)
    first = record_ending(order, "confirmed", external_id="core-9", now=current_instant())

    for _time in range(100):
        again = record_ending(order, "confirmed", external_id="other", now=current_instant())
        assert (again.ended_at, again.external_id) == (first.ended_at, "core-9")
    with pytest.raises(Refused) as no:
        record_ending(order, "failed", now=current_instant())
    assert [blocker.code for blocker in no.value.blockers] == ["order.ended_otherwise"]
    assert states() == {BACK.key: "confirmed"}


def test_the_database_lets_orders_go_forward_only_and_cancels_a_loan_once(loan: Loan) -> None:
    (order,) = place(loan, BACK)
    cancel = NewOrder("c-1", "cancel_loan", 1_200_000)
    place(loan, cancel)
    for wrong in (
        NewOrder("c-2", "cancel_loan", 1_200_000),
        NewOrder("r-1", "refund_consumer", None, "repayment:R-1"),
        NewOrder("r-2", "refund_consumer", 1),
        NewOrder("r-3", "clawback_merchant", 0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            place(loan, wrong)
    record_ending(order, "confirmed", now=current_instant())
    for statement in (
        "UPDATE lending_order SET state = 'failed' WHERE state = 'confirmed'",
        "UPDATE lending_order SET amount_cents = 1",
        "UPDATE lending_order SET state = 'confirmed', ended_at = now(), amount_cents = 1 WHERE key = 'c-1'",
        "UPDATE lending_order SET state = 'sent' WHERE key = 'c-1'",
        "DELETE FROM lending_order",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    record_ending(Order.objects.get(key="c-1"), "failed", now=current_instant())
    assert place(loan, NewOrder("c-2", "cancel_loan", 1_200_000))[0].state == "requested"


def test_an_address_is_complete_and_safe_before_anything_is_sent() -> None:
    urls = ["", "http://k:s@core.example.com", "https://core.example.com", "https://k:s@core.example.com/x"]

    found = [[blocker.code for blocker in Gateway(url).check_config()] for url in urls]

    assert found == [["lending.not_configured"], ["lending.not_https"], ["lending.no_secret"], []]
