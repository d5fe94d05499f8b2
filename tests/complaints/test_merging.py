"""The same matter again: merged by two people, undone with the first due date, and never a hole in who sees what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.clocks import ledger as clocks
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Link, Message
from cases.queries import messages_for, notes_for, sight_of
from jike.base.dates import CST
from jike.base.errors import Refused
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def two(cast: Cast, *, at: str = "investigating") -> tuple[Complaint, Complaint]:
    into = factory.complaint(cast, at="investigating")
    return into, factory.complaint(cast, at=at, now=RECEIVED + timedelta(days=1))


def ask(case: Complaint, cast: Cast, into: Complaint | None, *, now: datetime = LATER) -> Complaint:
    return actions.ask_merge(case, actor=cast.handler.actor, now=now, into=into, same_matter="同一笔贷款，同一诉求。")


def answer(case: Complaint, cast: Cast, verdict: str = "approved", *, now: datetime = LATER, **given: str) -> Complaint:
    return actions.merge_complaint(
        case, actor=cast.supervisor.actor, now=now, verdict=verdict, payload=factory.payload_of(case), **given
    )


@pytest.mark.rule("R14")
def test_rule_14_merge_leaves_the_due_date_and_counts_the_repeat(cast: Cast) -> None:
    into, case = two(cast)
    due = into.next_due_at

    case = ask(case, cast, into)
    assert case.state == "investigating"
    case = answer(case, cast)

    into.refresh_from_db()
    assert (into.repeat_count, into.next_due_at, into.state) == (1, due, "investigating")
    assert (case.state, case.merged_into_id, case.next_due_at, case.ended_at) == ("merged", into.pk, None, LATER)
    assert {clock.state for clock in case.clocks.all()} == {"stopped"}
    assert Link.objects.get(case=case).kind == "merged_into"
    assert {m.channel for m in case.messages.filter(purpose="merge")} == {"sms", "inbox", "letter"}
    assert into.events.last().data["source"] == str(case.pk)


def test_merge_is_answered_by_another_person(cast: Cast) -> None:
    into, case = two(cast)
    case = ask(case, cast, into)
    payload = factory.payload_of(case)

    with pytest.raises(Refused) as refused:
        actions.merge_complaint(case, actor=cast.twin.actor, now=LATER, verdict="approved", payload=payload)
    assert codes(refused) == ["actor.own_work"]
    with pytest.raises(Refused) as refused:
        actions.merge_complaint(case, actor=cast.supervisor.actor, now=LATER, verdict="approved", payload="00")
    assert codes(refused) == ["approval.changed"]


def test_merge_that_is_returned_moves_nothing_and_may_be_asked_again(cast: Cast) -> None:
    into, case = two(cast)

    case = answer(ask(case, cast, into), cast, "returned", reason="不是同一笔贷款。")

    into.refresh_from_db()
    assert (case.state, into.repeat_count, Link.objects.count()) == ("investigating", 0, 0)
    assert ask(case, cast, into).approvals.filter(verdict="").count() == 1


def test_other_person_decided_case_and_itself_are_refused(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    stranger = factory.complaint(cast, at="investigating", phone="13900139000")
    decided = factory.complaint(cast, at="decided")

    for into, code in ((stranger, "into.other_person"), (decided, "into.not_open"), (case, "into.missing"), (None, "into.missing")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            ask(case, cast, into)
        assert codes(refused) == [code]


def test_repeat_after_the_period_of_the_other_is_a_complaint_of_its_own(cast: Cast) -> None:
    into, case = two(cast)

    with pytest.raises(Refused) as refused:
        ask(case, cast, into, now=datetime(2026, 10, 14, 0, 0, 0, tzinfo=CST))
    assert codes(refused) == ["into.period_over"]
    assert ask(case, cast, into, now=datetime(2026, 10, 13, 23, 59, 59, tzinfo=CST)).approvals.exists()


def test_merge_is_judged_again_when_it_is_approved(cast: Cast) -> None:
    into, case = two(cast)
    case = ask(case, cast, into)
    actions.withdraw_complaint(into, actor=factory.consumer_of(into), now=LATER)

    with pytest.raises(Refused) as refused:
        answer(case, cast)
    assert codes(refused) == ["into.not_open"]


def test_two_complaints_are_not_merged_into_each_other(cast: Cast) -> None:
    into, case = two(cast)
    into = ask(into, cast, case)

    with pytest.raises(Refused) as refused:
        ask(case, cast, into)
    assert codes(refused) == ["into.merging"]


def test_undoing_gives_back_the_first_due_date(cast: Cast) -> None:
    into, case = two(cast)
    due = case.next_due_at
    case = answer(ask(case, cast, into), cast)

    case = actions.unmerge_complaint(
        case, actor=cast.supervisor.actor, now=LATER + timedelta(days=3), reason="两笔贷款。"
    )

    into.refresh_from_db()
    assert (case.state, case.next_due_at, case.ended_at, case.merged_into) == ("investigating", due, None, None)
    assert (into.repeat_count, Link.objects.get(case=case).ended_at) == (0, LATER + timedelta(days=3))


@pytest.mark.parametrize("point", ["paused", "extended", "extending", "agreed"])
def test_undoing_gives_back_the_count_as_it_stood(cast: Cast, point: str) -> None:
    """Also where days were paused, the limit is longer or a day was agreed: the same clock, the same end."""
    into = factory.complaint(cast, at="investigating")
    case = factory.complaint(cast, at="investigating" if point == "agreed" else point, now=RECEIVED + timedelta(days=1))
    if point == "agreed":
        case = actions.agree_deadline(
            case,
            actor=cast.handler.actor,
            now=LATER,
            due_on=LATER.date() + timedelta(days=30),
            evidence="录音 9",
            paper=factory.attached(case, cast),
        )
    was = [(c.code, c.state, c.due_at, c.days_left) for c in clocks.clocks_of(case) if c.is_running]

    case = ask(case, cast, into)
    payload = bytes(case.approvals.get(verb="complaints.merge", verdict="").payload_sha256).hex()
    case = actions.merge_complaint(case, actor=cast.supervisor.actor, now=LATER, verdict="approved", payload=payload)
    case = actions.unmerge_complaint(
        case, actor=cast.supervisor.actor, now=LATER + timedelta(days=1), reason="两件事。"
    )

    assert [(c.code, c.state, c.due_at, c.days_left) for c in clocks.clocks_of(case) if c.is_running] == was


def test_merge_is_undone_for_ten_days_and_while_the_other_is_open(cast: Cast) -> None:
    into, case = two(cast)
    case = answer(ask(case, cast, into), cast)

    with pytest.raises(Refused) as refused:
        actions.unmerge_complaint(
            case, actor=cast.supervisor.actor, now=LATER + timedelta(days=10, seconds=1), reason="x"
        )
    assert codes(refused) == ["merge.too_old"]
    actions.withdraw_complaint(into, actor=factory.consumer_of(into), now=LATER)
    with pytest.raises(Refused) as refused:
        actions.unmerge_complaint(case, actor=cast.supervisor.actor, now=LATER, reason="x")
    assert codes(refused) == ["into.not_open"]


def test_nothing_of_a_merged_case_moves_to_other_eyes(cast: Cast) -> None:
    into, case = two(cast)
    case = actions.add_note(case, actor=cast.handler.actor, now=LATER, text="内部")
    messages = set(Message.objects.filter(case=case).values_list("pk", flat=True))
    case = answer(ask(case, cast, into), cast)
    consumer = factory.consumer_of(case)

    assert messages <= set(Message.objects.filter(case=case).values_list("pk", flat=True))
    assert list(notes_for(consumer, case)) == list(notes_for(consumer, into)) == []
    assert {m.case_id for m in messages_for(consumer, into)} <= {into.pk}
    assert sight_of(case, cast.stranger.actor) is None
