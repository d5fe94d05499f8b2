"""Collection stands still while a refusal is judged and no longer, and the core system hears stop and lifting in their order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.complaints import actions as complaint_actions
from cases.complaints.models import Complaint
from cases.models import Decision, Link, Message
from jike.base.errors import Refused
from jike.outbox.models import Job
from lending.models import Order
from lending.orders.fake import FakeLending
from lending.orders.stops import is_stopped
from refunds import actions, handlers
from refunds.models import Refund
from tests.factories import complaints
from tests.factories import returns as factory
from tests.factories.returns import LAST, MACHINE
from tests.people import Cast

LATE = LAST + timedelta(hours=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def contested(cast: Cast) -> tuple[Refund, Complaint]:
    case = factory.a_return(cast, at="refused")
    case = actions.contest_refusal(case, actor=factory.consumer_of(case), now=LATE, words="没有上课")
    return case, Complaint.objects.get()


def ended(complaint: Complaint, cast: Cast, result: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The complaint goes its whole way: decided with this result, told, closed."""
    made = complaints.decision_for
    monkeypatch.setattr(complaints, "decision_for", lambda case: made(case) | {"result": result})
    now = LATE
    for step in (
        "claimed",
        "investigating",
        "classified",
        "deciding",
        "decided",
        "issued",
        "notified",
        "kept",
        "closed",
    ):
        now += HOUR
        complaint = getattr(complaints, step)(complaint, cast, now)
    complaint = Complaint.objects.get(pk=complaint.pk)
    assert (complaint.state, Decision.objects.filter(case=complaint).get().result) == ("closed", result)


def withdrawn(complaint: Complaint, now: datetime) -> None:
    complaint_actions.withdraw_complaint(complaint, actor=complaints.consumer_of(complaint), now=now)


def kinds(case: Refund) -> list[str]:
    return [leg.kind for leg in factory.fresh(case).known_legs]


def refused_to_align(case: Refund, actor: Any, now: Any, **given: Any) -> list[str]:
    with pytest.raises(Refused) as no:
        actions.align_stop(factory.fresh(case), actor=actor, now=now, **given)
    return [b.code for b in no.value.blockers]


@pytest.mark.rule("R44")
def test_the_stop_is_lifted_by_itself_when_the_complaint_ends_and_the_consumer_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, complaint = contested(cast)
    factory.watched(LATE + HOUR)
    assert (kinds(case), is_stopped(case.loan_id)) == (["suppress", "release", "suppress"], True)
    assert refused_to_align(case, MACHINE, LATE) == ["stop.fits"]

    ended(complaint, cast, "rejected", monkeypatch)
    for leg in factory.fresh(case).known_legs:  # every order is answered: nothing else brings the timer here
        factory.ended(leg, "confirmed", now=LATE)
        factory.follow(factory.fresh(case), leg, now=LATE)
    factory.watched(LATE + DAY)
    factory.watched(LATE + 2 * DAY)

    assert (kinds(case), is_stopped(case.loan_id)) == (["suppress", "release", "suppress", "release"], False)
    told = Message.objects.filter(case_id=case.pk, template__contains="resumed")
    assert told.exists()


def test_an_upheld_complaint_keeps_the_stop_until_people_have_decided(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, complaint = contested(cast)
    ended(complaint, cast, "upheld", monkeypatch)
    factory.watched(LATE + DAY)
    assert (kinds(case)[-1], refused_to_align(case, MACHINE, LATE + DAY)) == ("suppress", ["refusal.overturned"])
    factory.watched(LATE + DAY + HOUR)
    called = cast.handler.user.notices.filter(code="return.waits", case_id=case.pk, created_at__gte=LATE + DAY)
    assert called.count() == 1, "people are called once"
    assert refused_to_align(case, cast.handler.actor, LATE + DAY, reason=" ") == ["reason.missing"]

    proposed = actions.propose(
        factory.fresh(case), actor=cast.handler.actor, now=LATE + DAY, outcome="goodwill", reason="投诉成立。"
    )
    assert refused_to_align(case, cast.handler.actor, LATE + DAY, reason="x") == ["approval.open"]
    case = factory.voted(proposed, cast, now=LATE + DAY)
    case = handlers.advance(case, now=LATE + DAY)

    assert case.state == "reversing" and kinds(case).count("suppress") == 2, "it stood all the while"
    assert refused_to_align(case, cast.handler.actor, LATE + DAY, reason="x") == ["case.wrong_state"]


def test_people_may_lift_it_after_an_upheld_complaint_with_a_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, complaint = contested(cast)
    ended(complaint, cast, "partly", monkeypatch)

    actions.align_stop(factory.fresh(case), actor=cast.handler.actor, now=LATE + DAY, reason="消费者选择继续学习。")

    assert kinds(case)[-1] == "release"


def test_a_complaint_that_goes_on_again_stops_collection_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case, complaint = contested(cast)
    ended(complaint, cast, "rejected", monkeypatch)
    factory.watched(LATE + DAY)
    assert kinds(case)[-1] == "release"

    complaint = Complaint.objects.get(pk=complaint.pk)
    complaint_actions.reopen_complaint(
        complaint, actor=cast.supervisor.actor, now=LATE + 2 * DAY, ground="new_facts", reason="有新的录音。"
    )
    factory.watched(LATE + 2 * DAY + HOUR)

    assert kinds(case)[-1] == "suppress"


def test_a_complaint_merged_into_another_keeps_the_stop_while_that_one_goes_on(cast: Cast) -> None:
    case, complaint = contested(cast)
    other = complaints.file(now=LATE)
    Link.objects.create(case_id=complaint.pk, other_id=other.pk, kind=Link.Kind.MERGED_INTO, created_at=LATE)
    withdrawn(complaint, LATE + HOUR)
    factory.watched(LATE + 2 * HOUR)
    assert kinds(case)[-1] == "suppress"

    withdrawn(other, LATE + 3 * HOUR)
    factory.watched(LATE + 4 * HOUR)

    assert kinds(case)[-1] == "release"


def test_asked_for_again_the_stop_belongs_to_the_return_that_goes_on(cast: Cast) -> None:
    """Refused, contested, asked for again: the second return keeps the stop whatever becomes of the complaint about the first."""
    first, complaint = contested(cast)
    second = factory.requested(first.loan, now=LATE + HOUR)
    withdrawn(complaint, LATE + HOUR)

    factory.watched(LATE + HOUR + timedelta(minutes=1))
    assert (kinds(first)[-1], is_stopped(first.loan_id)) == ("suppress", True)
    assert refused_to_align(first, MACHINE, LATE + 2 * HOUR) == ["return.open"]

    second = handlers.advance(factory.fresh(second), now=LATE + 3 * HOUR)
    assert (second.state, kinds(second)) == ("refused", ["suppress", "release"])
    assert refused_to_align(first, MACHINE, LATE + 4 * HOUR) == ["stop.fits"]


def test_goodwill_after_the_stop_was_lifted_orders_it_anew(cast: Cast) -> None:
    case = factory.a_return(cast, at="goodwill")
    assert kinds(case) == ["suppress", "release"]

    case = handlers.advance(case, now=LATE + DAY)

    assert kinds(case)[:3] == ["suppress", "release", "suppress"] and is_stopped(case.loan_id)


# What the core system hears


def heard(core: FakeLending) -> list[str]:
    return [one["kind"] for one in core.book.values() if one["kind"] in ("suppress", "release")]


def test_a_stop_that_never_arrived_is_not_sent_after_its_lifting(cast: Cast, core: FakeLending) -> None:
    core.fail("lost")
    case = factory.requested(now=LATE)
    at = factory.work(LATE, rounds=1)
    assert (core.book, factory.fresh(case).state) == ({}, "refused")

    factory.work(at, rounds=30, step=timedelta(minutes=2))

    assert heard(core) == ["release"]
    assert dict(Order.objects.values_list("kind", "state")) == {"suppress": "failed", "release": "confirmed"}
    assert not cast.supervisor.user.notices.filter(code="return.stuck", case_id=case.pk).exists(), (
        "nobody is called for it"
    )


def test_the_lifting_waits_until_the_stop_has_ended(cast: Cast, core: FakeLending) -> None:
    core.ends_as = "accepted"
    case = factory.requested(now=LATE)
    at = factory.work(LATE, rounds=3)
    assert heard(core) == ["suppress"] and factory.fresh(case).state == "refused"

    at = factory.work(at, rounds=10)
    assert heard(core) == ["suppress"]
    core.ends_as = "confirmed"
    factory.work(at, rounds=30, step=timedelta(minutes=1))

    assert heard(core) == ["suppress", "release"]
    assert set(Order.objects.values_list("state", flat=True)) == {"confirmed"}
    assert not Job.objects.filter(state="dead").exists()


def test_a_stop_that_was_taken_unheard_is_followed_and_then_lifted(cast: Cast, core: FakeLending) -> None:
    core.fail("reset")
    factory.requested(now=LATE)

    factory.work(LATE, rounds=40, step=timedelta(minutes=1))

    assert heard(core) == ["suppress", "release"]
    assert dict(Order.objects.values_list("kind", "state")) == {"suppress": "confirmed", "release": "confirmed"}
