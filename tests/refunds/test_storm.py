"""Many returns against a core system that lies, loses lines and repeats itself: what was approved is paid once, to the cent."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from jike.outbox.models import Job
from lending.orders.fake import FakeLending
from refunds import actions, handlers
from refunds.models import Leg, Refund
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast
from tests.refunds.test_callbacks import call

FAULTS = ("ok", "ok", "ok", "ok", "reset", "lost", "500", "garbage", "422")


@pytest.mark.rule("R42")
@pytest.mark.parametrize("number", [8, pytest.param(120, marks=pytest.mark.storm)])
def test_what_was_approved_is_paid_once_whatever_the_line_does(number: int, cast: Cast, core: FakeLending) -> None:
    chance = random.Random(17)
    core._dedupe = False  # a second sending would show as a second order
    people = [{"name": f"张{n}", "phone": f"138{n:08d}"} for n in range(number)]
    for n, person in enumerate(people):
        factory.requested(factory.loan(external_id=f"JK-{n}", contract_no=f"HT-{n}", person=person))
    core.fail(*(chance.choice(FAULTS) for _n in range(number * 4)))

    at = factory.work(ASKED, rounds=25, step=timedelta(seconds=30))
    for number_of_order, content in list(core.book.items()):  # told again, and told otherwise
        call(f"again-{number_of_order}", order=number_of_order, status="confirmed")
        call(f"other-{number_of_order}", order=number_of_order, status="confirmed", amount="9.99") if content.get(
            "amount"
        ) else None
    Job.objects.filter(topic="lending.callback").update(due_at=at)
    at = factory.work(at, rounds=10, step=timedelta(seconds=30))
    for _round in range(4):
        at = repaired(cast, at)

    cases = list(Refund.objects.all())
    assert {case.state for case in cases} == {"completed"}
    taken = Counter(one["key"] for one in core.book.values())
    assert set(taken.values()) == {1}, "no order was taken twice"
    paid = [one for one in core.book.values() if one["kind"] == "refund_consumer"]
    assert len(paid) == number and {one["amount"] for one in paid} == {"300.00"}
    assert not Leg.objects.filter(state="unknown").exists()


def repaired(cast: Cast, at: object) -> object:
    """What people do about what is stuck: compare, order again what failed, settle by hand, let it go on."""
    for case in Refund.objects.exclude(state="completed"):
        if case.assignee_id is None:
            actions.claim_return(case, actor=cast.handler.actor, now=at)
        for leg in factory.fresh(case).known_legs:
            if leg.state == "failed":
                actions.retry_leg(case, actor=cast.handler.actor, now=at, leg=leg)
            elif leg.by_hand and leg.state == "waiting" and factory.fresh(case).state in ("reversing", "stuck"):
                actions.confirm_leg(case, actor=cast.handler.actor, now=at, leg=leg, evidence="对账单")
        if factory.fresh(case).state == "stuck":
            actions.carry_on(case, actor=cast.handler.actor, now=at)
        handlers.advance(factory.fresh(case), now=at)
    return factory.work(at, rounds=12, step=timedelta(seconds=60))
