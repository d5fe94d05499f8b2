"""What silence does: reminders, and the end of the attempt at its minute, whenever the timer comes by."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.clocks.models import Clock
from cases.complaints.models import ClockPause
from cases.mediation import actions, handlers
from cases.mediation.models import Mediation, Offer
from cases.mediation.terms import Term
from jike.base.dates import CST, cst_date, pinned
from jike.base.errors import Refused
from jike.outbox.models import Job
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway, do_own_jobs
from tests.people import Cast

INVITED = RECEIVED + timedelta(hours=10, minutes=1)
LIMIT = INVITED + timedelta(hours=72)


def fresh(case: Mediation) -> Mediation:
    return Mediation.objects.get(pk=case.pk)


def swept(case: Mediation, at: datetime) -> Mediation:
    handlers.watch(at)
    return fresh(case)


def test_the_limit_and_the_reminders_are_queued_with_the_invitation(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")

    clock = Clock.objects.get(case_id=case.pk, state="running")
    assert (clock.code, clock.due_at, clock.duty) == ("MED_ANSWER", LIMIT, "party")
    rows = Job.objects.filter(subject=case.pk, topic="mediation.send_reminder").order_by("due_at")
    assert [row.due_at - INVITED for row in rows] == [timedelta(hours=24), timedelta(hours=48)]
    assert "138" not in str([row.body for row in rows]) and all(set(row.body) == {"case", "hours"} for row in rows)


@pytest.mark.parametrize("late", [timedelta(seconds=1), timedelta(hours=2), timedelta(days=3)])
def test_silence_ends_it_at_its_minute_also_after_a_downtime(late: timedelta, cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")

    assert swept(case, LIMIT).state == "invited"
    case = swept(case, LIMIT + late)

    event = case.events.latest("seq")
    assert (case.state, case.ended_at) == ("failed", LIMIT)
    assert (event.verb, event.at) == ("mediation.record_silence", LIMIT + late)
    assert datetime.fromisoformat(event.data["effective"]) == LIMIT
    assert Clock.objects.get(case_id=case.pk).stopped_at == LIMIT
    assert swept(case, LIMIT + late).version == case.version


def test_an_answer_in_the_last_second_counts_and_one_during_the_downtime_is_too_late(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    said = {"actor": cast.handler.actor} | factory.SAID

    with pytest.raises(Refused) as refused:
        actions.take_part(case, now=LIMIT + timedelta(seconds=1), **said)
    assert [b.code for b in refused.value.blockers] == ["answer.too_late"]
    case = actions.take_part(case, now=LIMIT, **said)
    assert swept(case, LIMIT + timedelta(hours=2)).state == "negotiating"


def test_silence_harms_nobody_whose_count_never_stood_still(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")

    case = swept(case, LIMIT + timedelta(hours=2))

    assert case.origin.state == "investigating" and not ClockPause.objects.filter(case_id=case.origin_id).exists()


def test_reminders_reach_whoever_has_not_answered_and_nobody_else(cast: Cast, gateway: Gateway) -> None:
    case = factory.mediation(cast, at="invited")
    at = INVITED + timedelta(hours=24)
    with pinned(at):
        do_own_jobs()
    reminded = fresh(case).events.filter(verb="mediation.remind")
    assert [event.data for event in reminded] == [{"hours": 24, "is_sent": True}]

    actions.take_part(fresh(case), actor=cast.handler.actor, now=at, **factory.SAID)
    later = INVITED + timedelta(hours=48)
    with pinned(later):
        do_own_jobs()
    assert fresh(case).events.filter(verb="mediation.remind").count() == 1
    reminders = [body for address, body in gateway.sent if address == factory.MERCHANT_PHONE and "提醒" in body]
    assert len(reminders) == 1 and "2026年10月1日20时01分前" in reminders[0]


def test_an_offer_without_an_answer_lapses_and_binds_nobody(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    offer = case.offers.get()

    assert swept(case, offer.expires_at).offers.get().answer == ""
    given = {"offer": offer, "answer": "accepted", "side": "consumer"} | factory.SAID
    with pytest.raises(Refused) as refused:
        actions.answer_offer(case, actor=cast.handler.actor, now=offer.expires_at + timedelta(seconds=1), **given)
    assert [b.code for b in refused.value.blockers] == ["offer.lapsed"]
    case = swept(case, offer.expires_at + timedelta(hours=2))

    assert (case.state, case.offers.get().answer) == ("negotiating", Offer.Answer.LAPSED)
    day = cst_date(offer.expires_at + timedelta(days=9))
    given = {"terms": [Term("apology", day)], "refund_cny": 0, "side": "merchant"} | factory.SAID
    now = offer.expires_at + timedelta(hours=3)
    case = actions.make_offer(case, actor=cast.handler.actor, now=now, expires_at=now + timedelta(days=2), **given)
    assert [row.seq for row in case.known_offers] == [1, 2]


def test_performance_begins_by_itself(cast: Cast) -> None:
    case = swept(factory.mediation(cast, at="agreed"), datetime(2026, 9, 30, 9, tzinfo=CST))

    assert (case.state, case.events.latest("seq").actor_label) == ("performing", "clock")
