"""A settlement becomes orders: each leg once, refunds first, what may not come only when it has come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.dates import pinned
from jike.outbox import jobs
from lending.loans.reading_back import document_of
from lending.models import Order
from lending.orders.actions import place_orders
from lending.orders.fake import FakeLending
from refunds.ordering import orders_of
from refunds.settling import settle
from tests.lending.documents import NOW, repayment, starter, told
from tests.refunds.loans import ASKED, fee, loan, paid, sent


def test_refunds_come_first_and_the_end_of_the_loan_pays_the_funder() -> None:
    document = loan(
        fees=[
            fee("F-1", "coupon", 5_000, "consumer", "platform"),
            fee("F-2", "commission", 36_000, "merchant", "platform"),
            fee("F-3", "insurance", 8_000, "consumer", "insurer"),
        ],
        disbursements=[sent("D-1", 700_000), sent("D-2", 500_000)],
        repayments=[
            paid("R-1", ("principal", "funder", 30_000)),
            paid("R-2", ("interest", "funder", 9), status="under_way"),
        ],
    )

    found = orders_of(settle(document, at=ASKED))

    assert [(order.kind, order.cents, order.to) for order in found.at_once] == [
        ("refund_consumer", 8_000, "fee:F-3"),
        ("refund_consumer", 30_000, "repayment:R-1"),
        ("clawback_merchant", 700_000, "disbursement:D-1"),
        ("restore_limit", 700_000, "disbursement:D-1"),
        ("clawback_merchant", 500_000, "disbursement:D-2"),
        ("restore_limit", 500_000, "disbursement:D-2"),
        ("cancel_loan", 1_200_000, ""),
    ]
    assert [(order.kind, order.cents, order.to) for order in found.when_debited] == [
        ("refund_consumer", 9, "repayment:R-2")
    ]
    assert [leg.kind for leg in found.by_hand] == ["coupon", "commission"]
    assert found.when_repaid == ()


def test_a_loan_in_hand_is_ended_only_when_the_consumer_has_paid_it_back() -> None:
    in_hand = [sent("D-1", 700_000), sent("D-2", 500_000, to="consumer")]

    found = orders_of(settle(loan(disbursements=in_hand), at=ASKED))

    assert [(order.kind, order.cents) for order in found.at_once] == [("clawback_merchant", 700_000)]
    assert [(order.kind, order.cents) for order in found.when_repaid] == [
        ("restore_limit", 700_000), ("restore_limit", 500_000), ("cancel_loan", 700_000),
    ]  # fmt: skip
    assert [(leg.kind, leg.cents) for leg in found.by_hand] == [("consumer_principal", 500_000)]


@pytest.mark.django_db
def test_a_return_that_is_ordered_again_and_again_moves_money_once(settings: object) -> None:
    settings.OUTBOX_DOORBELL = False
    starter()
    kept = told(external_id="J" * 40, repayments=[repayment("R" * 60, 30_000), repayment("R-2", 450, "interest")]).loan
    found = settle(document_of(kept), at=NOW)
    start = current_instant()
    with FakeLending() as core:
        settings.LENDING_URL = core.url
        core.fail("reset", "500")
        for minute in range(5):
            with pinned(start + timedelta(minutes=minute)):
                place_orders(kept, orders_of(found).at_once, actor=machine_actor("importer"), now=start)
                jobs.run_due(clock=current_instant)

    assert set(Order.objects.values_list("state", flat=True)) == {"confirmed"}
    back = [content["amount"] for content in core.book.values() if content["kind"] == "refund_consumer"]
    assert (sorted(back), found.to_consumer_cents) == (["300.00", "4.50"], 30_450)
    assert len(core.book) == Order.objects.count() == len(orders_of(found).at_once)
