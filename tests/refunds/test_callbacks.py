"""What the core lending system says by itself: signed, fresh, once; replayed, forged, out of order, with another amount, about nothing."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jike.api.models import Callback
from jike.base.dates import pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.outbox.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from lending.models import Order
from lending.orders.fake import SECRET, FakeLending
from refunds import actions, handlers
from refunds.models import Leg, Refund
from refunds.watching import watch
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast

PATH = "/api/v1/callbacks/lending/"


def call(event: str, *, secret: str = SECRET, shift: int = 0, **content: Any) -> Any:
    raw = json.dumps({"event": event, "at": "2026-11-20T10:05:00+08:00", **content}).encode()
    moment = int(time.time()) + shift
    headers = {TIMESTAMP_HEADER: str(moment), SIGNATURE_HEADER: sign(secret, moment, raw)}
    with pinned(ASKED + timedelta(minutes=20)):
        return Client(enforce_csrf_checks=True).post(PATH, raw, content_type="application/json", headers=headers)


@pytest.fixture
def case(cast: Cast, core: FakeLending) -> Refund:
    """A return whose orders were taken and have not ended: the core system stays silent when asked."""
    core.ends_as = "accepted"
    case = factory.requested()
    factory.work(ASKED, rounds=6)
    return factory.fresh(case)


def the_refund(case: Refund) -> Leg:
    return factory.to_consumer(case)


def work(
    at: datetime = ASKED + timedelta(minutes=30), rounds: int = 6, step: timedelta = timedelta(seconds=20)
) -> datetime:
    """Only what callbacks bring about: the core system is not asked meanwhile."""
    Job.objects.filter(topic="lending.order").delete()
    return factory.work(at, rounds=rounds, step=step)


def test_legs_follow_their_orders_from_requested_to_sent_to_confirmed(case: Refund) -> None:
    leg = the_refund(case)
    assert (case.state, leg.state) == ("reversing", "sent")

    answer = call("e-1", order=leg.order.external_id, status="confirmed", amount="300.00")
    work()

    assert answer.json() == {"event": "e-1", "new": True}
    assert (the_refund(case).state, Order.objects.get(leg=leg).state) == ("confirmed", "confirmed")
    assert factory.fresh(case).state == "reversing"


@pytest.mark.rule("R42")
def test_a_callback_replayed_a_hundred_times_makes_one_refund(case: Refund, core: FakeLending) -> None:
    leg = the_refund(case)

    answers = [call("e-1", order=leg.order.external_id, status="confirmed").json()["new"] for _n in range(100)]
    others = [call(f"e-{n}", order=leg.order.external_id, status="confirmed").json()["new"] for n in range(2, 102)]
    work()

    assert (answers.count(True), all(others), Callback.objects.count()) == (1, True, 101)
    assert core.arrivals[leg.key] == 1 and list(core.keys()).count(leg.key) == 1
    events = factory.fresh(case).events.filter(
        verb="refunds.follow_leg", data__leg=leg.seq, data__leg_state="confirmed"
    )
    assert events.count() == 1
    assert the_refund(case).state == "confirmed"


def test_forged_stale_and_malformed_calls_change_nothing(case: Refund) -> None:
    order = the_refund(case).order.external_id
    refused = [
        call("f-1", secret="guessed", order=order, status="confirmed"),
        call("f-2", shift=-310, order=order, status="confirmed"),
        call("f-3", shift=310, order=order, status="confirmed"),
        call("f-4", order=order, status="paid"),
        call("f-5", order=order, status="confirmed", amount="1e999"),
        call("f-6", order=order, status="confirmed", amount="0.001"),
        call("f-7", status="confirmed"),
    ]
    work()

    assert [answer.status_code for answer in refused] == [401, 401, 401, 400, 400, 400, 400]
    assert the_refund(case).state == "sent" and not Callback.objects.exists()


def test_another_amount_moves_nothing_and_a_person_looks(case: Refund, cast: Cast) -> None:
    leg = the_refund(case)

    call("e-1", order=leg.order.external_id, status="confirmed", amount="3000.00")
    work()

    case = factory.fresh(case)
    assert (case.state, case.stuck_code, the_refund(case).state) == ("stuck", "order.amount_differs", "unknown")
    assert Job.objects.get(topic="lending.callback").last_error == "order.amount_differs"
    assert cast.supervisor.user.notices.filter(code="return.stuck", case_id=case.pk).exists()
    handlers.advance(case, now=ASKED + timedelta(hours=1))
    assert factory.fresh(case).state == "stuck", "no machine goes on after an answer that did not fit"


def test_a_second_answer_that_does_not_fit_stops_what_a_person_let_go_on(case: Refund, cast: Cast) -> None:
    leg = the_refund(case)
    call("e-1", order=leg.order.external_id, status="confirmed", amount="3000.00")
    at = work()
    case = actions.claim_return(factory.fresh(case), actor=cast.handler.actor, now=at)
    case = actions.carry_on(case, actor=cast.handler.actor, now=at)
    assert case.state == "reversing"

    call("e-2", order=leg.order.external_id, status="confirmed", amount="3000.00")
    work(at)

    assert factory.fresh(case).stuck_code == "order.amount_differs"


def test_failed_after_confirmed_is_kept_as_confirmed_and_a_person_looks(case: Refund) -> None:
    order = the_refund(case).order.external_id
    call("e-1", order=order, status="confirmed")
    at = work()

    call("e-2", order=order, status="failed")
    work(at)

    case = factory.fresh(case)
    assert (the_refund(case).state, Order.objects.get(external_id=order).state) == ("confirmed", "confirmed")
    assert (case.state, case.stuck_code) == ("stuck", "order.ended_otherwise")


def test_an_order_nobody_knows_waits_and_is_given_up_visibly(case: Refund) -> None:
    call("e-1", order="core-999", status="confirmed")
    at = work()
    assert Job.objects.get(topic="lending.callback").state == "ready"

    work(at, rounds=30, step=timedelta(hours=1))

    row = Job.objects.get(topic="lending.callback")
    assert (row.state, row.last_error) == ("dead", "order.unknown")
    assert the_refund(case).state == "sent"


def test_a_callback_before_the_answer_to_the_sending_is_understood_later(cast: Cast, core: FakeLending) -> None:
    core.ends_as = "accepted"
    case = factory.requested()
    stop = case.known_legs[0]
    call("e-1", order="core-1", status="confirmed")  # the order was taken; its number is not known here yet

    factory.work(ASKED + timedelta(minutes=20), rounds=12)

    assert factory.fresh(case).known_legs[0].state == "confirmed"
    assert core.of_key(stop.key) == "core-1"


def test_silence_is_asked_after_and_beyond_the_limit_a_person_is_told(
    case: Refund, core: FakeLending, cast: Cast
) -> None:
    Job.objects.filter(topic="lending.order").delete()  # the orders' own jobs have given up
    later = ASKED + timedelta(minutes=15)
    watch(later)
    asked = Job.objects.filter(topic="lending.order", body__ask=True)
    assert asked.count() == Order.objects.filter(ended_at=None).count() > 0
    arrivals = dict(core.arrivals)
    factory.work(later, rounds=3)
    assert dict(core.arrivals) == arrivals, "asked, and nothing sent again"

    factory.watched(ASKED + timedelta(hours=5))

    case = factory.fresh(case)
    assert (case.state, case.stuck_code) == ("stuck", "order.silent")
    assert cast.supervisor.user.notices.filter(code="return.stuck").exists()
    core.ends_as = "confirmed"
    factory.work(ASKED + timedelta(hours=5, minutes=1), rounds=30)
    assert factory.fresh(case).state == "reversing", (
        "answered: it goes on by itself and waits for what is settled by hand"
    )


@pytest.mark.parametrize("fault", ["reset", "garbage", "lost", "500"])
def test_a_lost_answer_makes_a_leg_unknown_and_asking_resolves_it(cast: Cast, core: FakeLending, fault: str) -> None:
    core._dedupe = False
    case = factory.requested()
    core.fail(fault)
    with pinned(ASKED):
        jobs.run_due(clock=lambda: ASKED)
        jobs.run_due(clock=lambda: ASKED)
    unknown = [leg.kind for leg in factory.fresh(case).known_legs if leg.state == "unknown"]
    assert unknown == ["suppress"]

    factory.work(ASKED + timedelta(seconds=10), rounds=30)

    assert all(leg.state == "confirmed" for leg in factory.fresh(case).known_legs if not leg.by_hand)
    assert sorted(core.keys()) == sorted(set(core.keys())), "no order was taken twice"
