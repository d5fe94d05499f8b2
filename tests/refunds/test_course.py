"""A return from the request to the certificate, brought on by the worker with the core lending system beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.clocks.models import Clock
from jike.base.errors import Refused
from lending.models import Order
from lending.orders.fake import FakeLending
from refunds import actions
from refunds.models import Refund
from refunds.queries import certificate_of, consumer_cost
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast


@pytest.mark.rule("R79")
def test_a_request_stops_collection_in_its_own_transaction(cast: Cast) -> None:
    case = factory.requested()

    (order,) = Order.objects.all()
    assert (order.kind, order.loan_id, order.state) == ("suppress", case.loan_id, "requested")
    assert [(leg.kind, leg.order_id) for leg in case.known_legs] == [("suppress", order.pk)]
    assert order.ordered_at == case.registered_at == ASKED


def test_a_clean_return_goes_its_whole_way_without_a_person(cast: Cast, core: FakeLending) -> None:
    case = factory.requested()

    at = factory.work(ASKED, rounds=60)
    case = factory.fresh(case)
    assert [leg.kind for leg in case.known_legs if leg.state == "waiting"] == ["commission"]
    assert case.state == "reversing"
    actions.claim_return(case, actor=cast.handler.actor, now=at)
    leg = next(leg for leg in case.known_legs if leg.by_hand)
    actions.confirm_leg(case, actor=cast.handler.actor, now=at, leg=leg, evidence="对账单")
    factory.work(at, rounds=60)

    case = factory.fresh(case)
    assert case.state == "completed"
    assert consumer_cost(case) == 0 and case.to_consumer_cents == 30_000
    assert {one["kind"]: one.get("amount") for one in core.book.values()} == {
        "suppress": None, "refund_consumer": "300.00", "clawback_merchant": "12000.00", "restore_limit": "12000.00",
        "cancel_loan": "12000.00", "correct_credit": None,
    }  # fmt: skip
    assert all(count == 1 for count in core.arrivals.values())
    assert certificate_of(case) is not None
    clock = Clock.objects.get(case_id=case.pk)
    assert (clock.code, clock.state) == ("ZX_OBJ", "stopped")
    people = {event.verb for event in case.events.all() if event.actor_kind == "staff"}
    assert people == {"refunds.claim", "refunds.confirm_leg"}


def test_a_second_request_is_refused_while_one_is_open(cast: Cast) -> None:
    case = factory.requested()

    with pytest.raises(Refused) as no:
        factory.requested(case.loan, now=ASKED + timedelta(hours=1))

    assert [b.code for b in no.value.blockers] == ["return.open"]
    assert Refund.objects.count() == 1 and Order.objects.count() == 1
