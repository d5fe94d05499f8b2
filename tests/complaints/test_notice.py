"""Telling the decision: proof, attempts that failed, and whom nobody can reach. Numbers are those of the domain's acceptance rules."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.complaints import actions
from cases.complaints.models import Attempt, Complaint
from cases.models import Approval, Delivery
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.factories import complaints as factory
from tests.people import Cast

LAST_DAY = datetime(2026, 10, 13, 23, 59, 59, tzinfo=CST)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=CST)


def tried(
    case: Complaint, cast: Cast, when: datetime, *, manner: str = "call", outcome: str = "no_answer"
) -> Complaint:
    return actions.record_attempt(
        case,
        actor=cast.handler.actor,
        now=when,
        manner=manner,
        at=when,
        outcome=outcome,
        evidence="录音 7",
        number_called="13800138000",
    )


def posted(case: Complaint, cast: Cast, when: datetime, *, now: datetime | None = None) -> Complaint:
    return actions.notify_decision(
        case, actor=cast.handler.actor, now=now or when, manner="post", evidence="EMS 1", sent_at=when
    )


@pytest.mark.rule("R8")
def test_rule_8_sent_in_the_last_second_is_in_time_and_a_second_later_is_not(cast: Cast) -> None:
    in_time = posted(factory.complaint(cast, at="issued"), cast, LAST_DAY)
    late = posted(factory.complaint(cast, at="issued", phone="13900139000"), cast, LAST_DAY + timedelta(seconds=1))

    assert in_time.clocks.get(family="CMP").breached_at is None
    assert late.clocks.get(family="CMP").breached_at is not None


@pytest.mark.rule("R8")
def test_rule_8_decided_in_time_but_sent_late_is_overdue(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    assert case.decided_at < LAST_DAY

    told = posted(case, cast, at(14))

    assert told.clocks.get(family="CMP").breached_at is not None


@pytest.mark.rule("R26")
def test_rule_26_posted_on_the_last_day_is_in_time_whenever_it_is_recorded(cast: Cast) -> None:
    told = posted(factory.complaint(cast, at="issued"), cast, at(13), now=at(16))

    assert told.notified_at == at(13)
    assert told.clocks.get(family="CMP").breached_at is None


@pytest.mark.rule("R26")
def test_rule_26_unanswered_call_is_no_notice_but_was_made_in_time(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    call = {"manner": "call", "evidence": "录音 7", "number_called": "13800138000", "answered": False}

    with pytest.raises(Refused) as refused:
        actions.notify_decision(case, actor=cast.handler.actor, now=at(13), sent_at=at(13), **call)
    assert codes(refused) == ["call.unanswered"]
    case = tried(case, cast, at(13))
    assert case.state == "decided"
    told = posted(case, cast, at(15))

    assert told.notified_at == at(15)
    assert told.clocks.get(family="CMP").stopped_at == at(13)
    assert told.clocks.get(family="CMP").breached_at is None


@pytest.mark.parametrize(("day", "counts_since"), [(16, 13), (17, 17)])
def test_unanswered_call_counts_only_if_the_second_channel_follows_within_three_days(
    day: int, counts_since: int, cast: Cast
) -> None:
    case = tried(factory.complaint(cast, at="issued"), cast, at(13))

    assert posted(case, cast, at(day)).clocks.get(family="CMP").stopped_at == at(counts_since)


@pytest.mark.rule("R26")
def test_second_call_is_no_second_channel(cast: Cast) -> None:
    case = tried(factory.complaint(cast, at="issued"), cast, at(13))

    told = actions.notify_decision(
        case, actor=cast.handler.actor, now=at(15), manner="call", evidence="录音 8", sent_at=at(15), number_called="13800138000"
    )  # fmt: skip

    assert told.clocks.get(family="CMP").stopped_at == at(15)


def test_call_keeps_its_number_masked_and_needs_one(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    call = {"actor": cast.handler.actor, "now": at(5), "manner": "call", "evidence": "录音 7", "sent_at": at(5)}

    with pytest.raises(Refused) as refused:
        actions.notify_decision(case, **call, number_called="")
    assert codes(refused) == ["number_called.missing"]
    told = actions.notify_decision(case, **call, number_called="13800138000")

    assert told.notice.number_mask == "138****8000"
    assert "13800138000" not in str(told.events.last().data)


@pytest.mark.rule("R26")
def test_rule_26_unreachable_needs_three_attempts_by_two_channels_on_two_days(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    ask = {"actor": cast.handler.actor, "reason": "号码停机"}

    for when, manner in ((at(5), "call"), (at(5, 15), "call"), (at(6), "call")):
        case = tried(case, cast, when, manner=manner)
        with pytest.raises(Refused) as refused:
            actions.ask_waiver(case, now=at(7), **ask)
        assert codes(refused) == ["attempts.too_few"]
    case = tried(case, cast, at(6, 16), manner="post", outcome="returned")
    case = actions.ask_waiver(case, now=at(7), **ask)

    assert case.state == "decided"


@pytest.mark.rule("R26")
def test_two_channels_on_one_day_do_not_make_anybody_unreachable(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    for hour, manner in ((9, "call"), (11, "sms"), (15, "post")):
        case = tried(case, cast, at(5, hour), manner=manner)

    with pytest.raises(Refused) as refused:
        actions.ask_waiver(case, actor=cast.handler.actor, now=at(7), reason="x")
    assert codes(refused) == ["attempts.too_few"]


def unreachable(cast: Cast) -> Complaint:
    case = factory.complaint(cast, at="issued")
    for when, manner in ((at(5), "call"), (at(5, 15), "sms"), (at(6), "call")):
        case = tried(case, cast, when, manner=manner)
    return actions.ask_waiver(case, actor=cast.handler.actor, now=at(7), reason="号码停机，来信退回")


@pytest.mark.rule("R26")
def test_waiver_is_granted_by_a_second_person_and_tells_the_case(cast: Cast) -> None:
    case = unreachable(cast)
    vote = {"now": at(7), "verdict": "approved", "payload": factory.payload_of(case)}

    for actor in (cast.twin.actor, cast.stranger.actor):
        with pytest.raises(Refused):
            actions.waive_notice(case, actor=actor, **vote)
    told = actions.waive_notice(case, actor=cast.supervisor.actor, **vote)

    assert (told.state, told.notice_waiver, told.notice, told.notified_at) == ("notified", "unreachable", None, at(6))
    assert told.clocks.get(family="CMP").stopped_at == at(6)
    assert open_sealed(Attempt.objects.filter(case=case).first(), "evidence") == "录音 7"


def test_waiver_that_is_returned_leaves_the_case_where_it_is(cast: Cast) -> None:
    case = unreachable(cast)
    payload = factory.payload_of(case)

    with pytest.raises(Refused) as refused:
        actions.waive_notice(case, actor=cast.supervisor.actor, now=at(7), verdict="returned", payload=payload)
    assert codes(refused) == ["reason.missing"]
    case = actions.waive_notice(
        case, actor=cast.supervisor.actor, now=at(7), verdict="returned", payload=payload, reason="再寄一次"
    )

    assert case.state == "decided"
    assert posted(case, cast, at(8)).state == "notified"


def test_a_notice_makes_a_waiting_waiver_void(cast: Cast) -> None:
    case = unreachable(cast)

    told = posted(case, cast, at(8))

    assert Approval.objects.get(case=told, verb="complaints.waive_notice").verdict == "void"


def test_attempt_lies_between_decision_and_now_and_has_proof(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")

    with pytest.raises(Refused) as refused:
        actions.record_attempt(
            case, actor=cast.handler.actor, now=at(5), manner="call", at=at(6), outcome="lost", evidence=" ", number_called="1"
        )  # fmt: skip

    assert codes(refused) == ["outcome.unknown", "number_called.missing", "evidence.missing", "at.impossible"]
    assert not Attempt.objects.exists()


@pytest.mark.rule("R25")
def test_rule_25_branch_decision_names_the_unit_that_reviews_it(cast: Cast) -> None:
    case = factory.of_branch(cast, at="investigating")
    handler = factory.branch_cast(cast).handler.actor

    with pytest.raises(Refused) as refused:
        actions.propose_decision(case, actor=handler, now=at(1), **factory.DECISION)
    assert codes(refused) == ["remedies.no_review_body"]


@pytest.mark.rule("R25")
def test_rule_25_right_to_review_runs_from_sending_for_branches_only(cast: Cast) -> None:
    branch = factory.of_branch(cast, at="notified")
    head = factory.complaint(cast, at="notified", phone="13900139000")

    clock = branch.clocks.get(family="REV_REQ")
    assert (clock.state, clock.duty, clock.started_at) == ("running", "party", branch.notified_at)
    assert branch.next_due_at is None
    assert not head.clocks.filter(family="REV_REQ").exists()


def test_notice_by_a_person_is_the_proof(cast: Cast) -> None:
    told = posted(factory.complaint(cast, at="issued"), cast, at(5))

    proof = Delivery.objects.get(pk=told.notice_id)
    assert (proof.manner, proof.recorded_by_id, proof.number_mask) == ("post", cast.handler.user.pk, "")
