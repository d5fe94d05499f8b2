"""What does not fit reaches a person whenever it comes: while the money moves, while a person looks already, before it and after it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.outbox.models import Job
from lending.models import Order
from lending.orders.actions import announce
from refunds import actions, handlers
from refunds.models import Leg, Refund
from tests.factories import returns as factory
from tests.factories.returns import ASKED, MACHINE
from tests.people import Cast

NOW = ASKED + timedelta(hours=2)
AMOUNT, OTHERWISE = "order.amount_differs", "order.ended_otherwise"


def hear(leg: Leg, doubt: str, *, call: int = 1, now: datetime = NOW) -> None:
    """The core system says something of the order of this leg that does not fit."""
    Job.objects.all().delete()
    announce(Order.objects.get(leg=leg), now=now, doubt=doubt, of=call)
    with pinned(now):
        jobs.run_due(clock=lambda: now)


def alarms(cast: Cast, case: Refund) -> int:
    return cast.supervisor.user.notices.filter(code="return.stuck", case_id=case.pk).count()


def test_a_doubt_while_a_person_looks_keeps_the_machine_from_going_on(cast: Cast) -> None:
    case = factory.a_return(cast, at="stuck")
    assert case.stuck_code == "order.failed"

    hear(factory.to_consumer(case), OTHERWISE)

    case = factory.fresh(case)
    assert (case.state, case.stuck_code) == ("stuck", OTHERWISE)
    case = actions.retry_leg(case, actor=cast.handler.actor, now=NOW, leg=factory.to_consumer(case))
    assert handlers.advance(case, now=NOW + timedelta(minutes=1)).state == "stuck"
    with pytest.raises(Refused) as no:
        actions.carry_on(case, actor=MACHINE, now=NOW + timedelta(minutes=1))
    assert [b.code for b in no.value.blockers] == ["order.doubtful"]
    assert actions.carry_on(case, actor=cast.handler.actor, now=NOW + timedelta(minutes=2)).state == "reversing"


def test_where_a_person_looks_already_only_another_doubt_counts(cast: Cast) -> None:
    case = actions.stick(factory.a_return(cast, at="stuck"), actor=MACHINE, now=NOW, code=AMOUNT)

    for code in (AMOUNT, "order.failed", "order.silent"):
        with pytest.raises(Refused) as no:
            actions.stick(case, actor=MACHINE, now=NOW, code=code)
        assert "leg.stuck_already" in [b.code for b in no.value.blockers]
    assert actions.stick(case, actor=MACHINE, now=NOW, code=OTHERWISE).stuck_code == OTHERWISE


@pytest.mark.parametrize("point", ["undecided", "held", "correcting", "completed", "refused"])
def test_a_doubt_that_cannot_stop_a_return_reaches_its_people(cast: Cast, point: str) -> None:
    case = factory.a_return(cast, at=point)
    now, before = case.last_event_at + timedelta(hours=1), alarms(cast, case)

    hear(case.known_legs[0], OTHERWISE, now=now)

    assert factory.fresh(case).state == case.state and alarms(cast, case) == before + 1
    told = case.events.filter(verb="refunds.alert").get().data
    assert (told["code"], told["leg"]) == (OTHERWISE, 1)


def test_a_second_doubt_about_one_order_stops_the_return_again(cast: Cast) -> None:
    case = factory.a_return(cast, at="reversing")
    leg = factory.to_consumer(case)
    hear(leg, AMOUNT, call=1)
    case = actions.carry_on(factory.fresh(case), actor=cast.handler.actor, now=NOW + timedelta(minutes=1))

    announce(Order.objects.get(leg=leg), now=NOW, doubt=AMOUNT, of=2)
    with pinned(NOW + timedelta(minutes=2)):
        jobs.run_due(clock=lambda: NOW + timedelta(minutes=2))

    assert (factory.fresh(case).state, factory.fresh(case).stuck_code) == ("stuck", AMOUNT)


def test_a_stop_without_an_answer_is_told_once_per_order(cast: Cast) -> None:
    case = factory.a_return(cast, at="held")

    factory.watched(ASKED + timedelta(hours=3))
    assert alarms(cast, case) == 0
    for hours in (5, 6, 30):
        factory.watched(ASKED + timedelta(hours=hours))

    assert alarms(cast, case) == 1 and factory.fresh(case).state == "held"
    with pytest.raises(Refused):
        actions.alert_people(case, actor=MACHINE, now=NOW, code="order.failed", leg=case.known_legs[0])


def test_a_correction_of_the_credit_record_without_an_answer_is_told(cast: Cast) -> None:
    case = factory.a_return(cast, at="correcting")

    factory.watched(ASKED + timedelta(hours=6))

    assert case.events.filter(verb="refunds.alert").get().data["leg"] == case.credit_leg.seq
