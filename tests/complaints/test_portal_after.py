"""After the decision, on the consumer's side: the review, the wish to reopen, the survey, and a merged complaint."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints.models import Complaint, Survey
from jike.base.dates import pinned
from tests.complaints.portal_walk import LATER, enter
from tests.factories import complaints as factory
from tests.people import Cast

TOLD = LATER - timedelta(days=3)


def get(client: Client, case: Complaint, way: str = ""):
    with pinned(LATER):
        return client.get(f"/track/{case.number}/" + (f"after/{way}/" if way else ""))


def post(client: Client, case: Complaint, way: str, **typed: object):
    with pinned(LATER):
        return client.post(f"/track/{case.number}/after/{way}/", typed)


def ways(client: Client, case: Complaint) -> list[str]:
    enter(client, case)
    return [way["way"] for way in get(client, case).context["ways"]]


def test_consumer_asks_for_the_review_of_a_branch_decision(client: Client, cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified", now=TOLD)
    assert ways(client, case) == ["accept", "contest", "survey", "review"]
    assert "received_on" not in get(client, case, "review").content.decode()

    assert post(client, case, "review", reason=" ").status_code == 400
    assert post(client, case, "review", reason="第九条没有提示。").status_code == 302

    assert Complaint.objects.get(pk=case.pk).state == "reviewing"
    assert "review" not in [way["way"] for way in get(client, case).context["ways"]]


@pytest.mark.rule("R28")
def test_head_office_decision_offers_no_review_and_says_what_else_there_is(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="closed", now=TOLD)

    assert ways(client, case) == ["accept", "contest", "survey", "reopen"]
    assert [b.code for b in get(client, case, "review").context["blockers"]] == ["review.head_office"]
    assert post(client, case, "review", reason="x").status_code == 409


def test_consumer_answers_the_survey_once(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="notified", now=TOLD)
    enter(client, case)

    assert post(client, case, "survey", result=5).status_code == 400
    assert post(client, case, "survey", result=5, speed=4, conduct=1, words="").status_code == 302
    assert Survey.objects.get(case=case).conduct == 1
    assert post(client, case, "survey", result=5, speed=4, conduct=1).status_code == 409


def test_consumer_asks_to_reopen(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="closed", now=TOLD)
    enter(client, case)

    assert post(client, case, "reopen", reason="我找到了收据。").status_code == 302
    assert Complaint.objects.get(pk=case.pk).flags == ["reopen_asked"]


def test_merged_complaint_shows_the_one_it_goes_on_in(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="merged", now=TOLD)
    enter(client, case)

    page = get(client, case)
    assert page.context["goes_on_in"]["number"] == case.merged_into.number
    assert case.merged_into.number in page.content.decode()


def test_unknown_way_is_not_there(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="notified", now=TOLD)
    enter(client, case)

    assert get(client, case, "money").status_code == 404


def test_consumer_accepts_and_reads_what_that_means_before(client: Client, cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified", now=TOLD)
    enter(client, case)
    assert "接受不等于放弃权利" in get(client, case, "accept").content.decode()

    assert post(client, case, "accept", key="k").status_code == 302
    assert post(client, case, "accept", key="k").status_code == 302

    page = get(client, case)
    assert (page.context["said"].kind, [way["way"] for way in page.context["ways"]]) == (
        "accepted",
        ["contest", "survey", "review"],
    )


def test_consumer_contests_and_is_shown_the_ways_that_are_open(client: Client, cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified", now=TOLD)
    enter(client, case)
    form = get(client, case, "contest")
    assert [other["way"] for other in form.context["others"]] == ["review"]
    assert post(client, case, "contest", words=" ").status_code == 400
    assert "第九条" in post(client, case, "contest", words="第九条" * 3000).content.decode()

    assert post(client, case, "contest", words="第九条没有提示。").url == f"/track/{case.number}/?done=contest"

    page = get(client, case)
    text = page.content.decode()
    assert (page.context["said"].kind, Complaint.objects.get(pk=case.pk).flags) == ("contested", ["contested"])
    assert all(word in text for word in ("第九条没有提示。", "调解：", "仲裁：", "诉讼：", "12378"))


def test_what_was_written_when_the_visit_ended_is_still_there_after_signing_in(client: Client, cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified", now=TOLD)
    enter(client, case)
    at = LATER + timedelta(hours=1)
    with pinned(at):
        gone = client.post(f"/track/{case.number}/after/contest/", {"words": "第九条没有提示。"})
    assert gone.url == "/track/?ended=1"

    enter(client, case, at=at)
    with pinned(at):
        assert "第九条没有提示。" in client.get(f"/track/{case.number}/after/contest/").content.decode()
        client.post(f"/track/{case.number}/after/contest/", {"words": "第九条没有提示。"})
        again = client.get(f"/track/{case.number}/after/review/").content.decode()
    assert "第九条没有提示。" not in again


def test_consumer_adds_facts_after_the_warning_and_names_an_agent(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating", now=TOLD)
    enter(client, case)
    page = get(client, case)
    assert [act["way"] for act in page.context["acts"]] == ["facts", "agent", "recusal"]
    assert [way["way"] for way in page.context["helps"]] == ["court", "police"]
    warned = get(client, case, "facts").content.decode()
    assert "重新计算15日" in warned and "received_at" not in warned

    assert post(client, case, "facts", text="今天又扣款。").status_code == 302
    assert post(client, case, "agent", name="李代理", phone="139 0013 9000", relation="律师").status_code == 302
    assert post(client, case, "recusal", reason="他是商户的亲戚。").status_code == 302

    page = get(client, case)
    assert "今天又扣款。" in page.content.decode()
    assert [(agent.name, agent.is_seen) for agent in page.context["agents"]] == [("李**", False)]
    with pinned(LATER):
        papers = client.get(f"/track/{case.number}/papers/")
    assert papers.context["needed"] == "authority"


def test_each_step_lists_its_notices_with_their_time_and_the_paper(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="notified", now=TOLD)
    enter(client, case)

    steps = get(client, case).context["steps"]

    told = {step.at: [(notice.purpose, [d.manner for d in notice.sent]) for notice in step.notices] for step in steps}
    assert told[case.notified_at] == [("decision", ["sms"])]
    assert steps[-1].paper.decision_id == case.decision_id
