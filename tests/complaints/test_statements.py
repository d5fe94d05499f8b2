"""Accepting and contesting a told decision: what is kept, what stays open, who hears of it; and the task of a low score."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.complaints import actions, remedies
from cases.complaints.models import Complaint, Statement
from cases.notices.models import Notice
from cases.queries import case_by_receipt
from cases.tasks import tasks_for
from jike.base.dates import cst_date
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def accept(case: Complaint) -> Complaint:
    return actions.accept_decision(case, actor=factory.consumer_of(case), now=LATER)


def contest(case: Complaint) -> Complaint:
    return actions.contest_decision(case, actor=factory.consumer_of(case), now=LATER, words="第九条没有提示。")


def test_accepting_costs_nobody_the_review(cast: Cast) -> None:
    case = accept(factory.of_branch(cast, at="notified"))

    statement = Statement.objects.get(case_id=case.pk)
    assert (statement.kind, statement.decision_id, statement.template) == (
        "accepted",
        case.decision_id,
        "complaints/messages/effect_accepted.2026-11",
    )
    message = case.messages.get(purpose="statement")
    assert "接受不等于放弃权利" in open_sealed(message, "body")
    assert case.state == "notified"
    review = actions.request_review(case, actor=factory.consumer_of(case), now=LATER, reason="又想了想。")
    assert review.state == "reviewing"


def test_contesting_flags_the_case_tells_the_handler_and_names_the_ways_with_the_last_day(cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified")
    before = case.version

    case = contest(case)

    assert (case.state, case.flags, case.version) == ("notified", ["contested"], before + 1)
    assert case.events.get(seq=case.version).verb == "complaints.contest_decision"
    assert Notice.objects.get(code="case.contested").user_id == case.assignee_id
    assert open_sealed(case.messages.get(is_incoming=True), "body") == "第九条没有提示。"
    body = open_sealed(case.messages.get(purpose="statement"), "body")
    last = cst_date(remedies.review_last(case, now=LATER))
    assert f"申请核查的最后一天：{last.year}年{last.month}月{last.day}日" in body
    assert all(word in body for word in ("核查：", "调解：", "仲裁：", "诉讼：", "12378"))


def test_a_review_that_is_too_late_is_no_way_any_more(cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified")
    late = LATER + timedelta(days=60)

    assert remedies.review_last(case, now=late) is None
    assert [way.partition("：")[0] for way in remedies.ways_of(case, now=late)] == ["调解", "仲裁", "诉讼", "监管热线"]
    assert remedies.ways_of(case, now=LATER)[0].startswith("核查：")


def test_each_word_is_said_once_and_the_last_one_counts(cast: Cast) -> None:
    case = accept(contest(factory.complaint(cast, at="notified")))

    assert case.flags == []
    for again, code in ((accept, "statement.said"), (contest, "statement.said")):
        with pytest.raises(Refused) as refused:
            again(case)
        assert codes(refused) == [code]
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(case_id=case.pk).update(kind="accepted")


def test_nothing_is_said_before_the_decision_was_told_or_by_somebody_else(cast: Cast) -> None:
    case, other = factory.complaint(cast, at="issued"), factory.file(phone="13900139000")
    with pytest.raises(Refused) as refused:
        accept(case)
    assert codes(refused) == ["case.wrong_state"]
    told = factory.notified(case, cast, LATER)
    with pytest.raises(Refused) as refused:
        actions.accept_decision(told, actor=factory.consumer_of(other), now=LATER)
    assert codes(refused) == ["actor.other_person"]


def test_the_flag_goes_when_the_consumer_takes_a_way(cast: Cast) -> None:
    branch = contest(factory.of_branch(cast, at="notified"))
    branch = actions.request_review(branch, actor=factory.consumer_of(branch), now=LATER, reason="x")
    closed = contest(factory.complaint(cast, at="closed"))
    closed = actions.reopen_complaint(closed, actor=cast.supervisor.actor, now=LATER, ground="new_facts", reason="收据")

    assert (branch.flags, closed.flags) == ([], [])


@pytest.mark.parametrize("point", ["notified", "closed"])
def test_rule_30_a_low_score_is_a_task_of_the_supervisor_also_after_the_end(point: str, cast: Cast) -> None:
    case = factory.complaint(cast, at=point)

    actions.answer_survey(case, actor=factory.consumer_of(case), now=LATER, result=2, speed=5, conduct=4)

    task = tasks_for(cast.supervisor.actor).get()
    assert (task.code, cst_date(task.due_at) - cst_date(LATER)) == ("low_score", timedelta(days=3))
    assert list(tasks_for(cast.handler.actor)) == []
    actions.finish_task(case, actor=cast.supervisor.actor, now=LATER, task=task)
    assert list(tasks_for(cast.supervisor.actor)) == []


def test_rule_30_a_good_score_calls_nobody(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")

    case = actions.answer_survey(case, actor=factory.consumer_of(case), now=LATER, result=3, speed=5, conduct=4)

    assert (case.flags, list(tasks_for(cast.supervisor.actor))) == ([], [])


def test_an_agent_named_by_the_consumer_sees_nothing_yet_and_the_handler_has_a_task(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    me = factory.consumer_of(case)
    case = actions.appoint_agent(case, actor=me, now=LATER, name="李代理", phone="139 0013 9000", relation="律师")

    receipt = open_sealed(case, "receipt_code")
    assert case_by_receipt(receipt, "13900139000") is None
    assert [task.code for task in tasks_for(cast.handler.actor)] == ["authority_agent"]
    with pytest.raises(Refused) as refused:
        actions.appoint_agent(case, actor=me, now=LATER, name="甲", phone="13700137000")
    assert codes(refused) == ["agent.waiting"]
    with pytest.raises(Refused) as refused:
        actions.appoint_agent(factory.file(), actor=me, now=LATER, name="甲", phone="")
    assert codes(refused) == ["phone.missing"]
    agent = case.parties.get(role="agent")
    actions.verify_authority(case, actor=cast.handler.actor, now=LATER, party=agent, authority="poa")
    assert case_by_receipt(receipt, "13900139000") is not None


def test_facts_of_the_consumer_stand_where_the_handler_reads_them(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")

    case = actions.add_facts(case, actor=factory.consumer_of(case), now=LATER, text="今天又扣了一次款。")

    message = case.messages.get(is_incoming=True)
    assert open_sealed(message, "body") == "今天又扣了一次款。"
    assert case.events.get(seq=case.version).data["message"] == str(message.pk)
