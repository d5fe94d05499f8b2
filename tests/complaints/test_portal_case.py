"""The consumer's page of a case: what it tells in every state, writing, withdrawing, the letter."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.messages import SEND_TOPIC
from jike.base.dates import pinned
from jike.files import store
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from tests.complaints.portal_walk import LATER, enter
from tests.factories import complaints as factory
from tests.people import Cast

WAY = ["done", "current", "next"]


def page_of(client: Client, case: Complaint) -> str:
    enter(client, case)
    with pinned(LATER):
        return client.get(f"/track/{case.number}/").content.decode()


def post(client: Client, case: Complaint, what: str, **typed: str):
    with pinned(LATER):
        return client.post(f"/track/{case.number}/{what}/", typed)


@pytest.mark.parametrize(
    ("point", "progress"),
    [
        ("received", ["done", "current", "next", "next", "next"]),
        ("claimed", ["done", "current", "next", "next", "next"]),
        ("investigating", ["done", "done", "current", "next", "next"]),
        ("deciding", ["done", "done", "done", "current", "next"]),
        ("decided", ["done", "done", "done", "done", "current"]),
        ("issued", ["done", "done", "done", "done", "current"]),
        ("notified", ["done"] * 5),
        ("closed", ["done"] * 5),
        ("withdrawn", ["done", "done"]),
    ],
)
def test_the_way_shows_what_is_done_and_what_comes(client: Client, cast: Cast, point: str, progress: list[str]) -> None:
    case = factory.complaint(cast, at=point)

    enter(client, case)
    with pinned(LATER):
        page = client.get(f"/track/{case.number}/")
    assert page.status_code == 200
    assert [step.progress for step in page.context["steps"]] == progress
    assert bool(page.context["why"]) == (point not in ("notified", "closed", "withdrawn"))
    assert page.context["may_withdraw"] == (point not in ("notified", "closed", "withdrawn"))
    assert page.context["may_write"] == (point not in ("closed", "withdrawn"))
    assert (cast.handler.user.display_name in page.context["responsible"]) == (
        point in ("investigating", "deciding", "decided", "issued", "notified")
    )
    assert bool(page.context["letter"]) == (point in ("issued", "notified", "closed"))


def test_the_page_says_why_the_last_day_is_that_day(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast)

    enter(client, case)
    with pinned(LATER):
        why = client.get(f"/track/{case.number}/").context["why"]
    assert (why.day.isoformat(), [line.day.isoformat() for line in why.lines]) == (
        "2026-10-13",
        ["2026-09-28", "2026-10-13"],
    )


def test_nothing_internal_is_shown(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    actions.add_note(case, actor=cast.handler.actor, now=LATER, text="内部备注不可外传")
    case = factory.deciding(case, cast, LATER)
    actions.return_decision(case, actor=cast.supervisor.actor, now=LATER, reason="退回理由不可外传")

    page = page_of(client, case)
    for secret in (
        "内部备注不可外传",
        "退回理由不可外传",
        factory.DECISION["findings"],
        cast.supervisor.user.display_name,
        str(case.pk),
    ):
        assert secret not in page


def test_a_notice_appears_with_its_time_of_sending(client: Client, cast: Cast) -> None:
    case = factory.file()
    receipts = case.messages.filter(purpose="receipt")
    assert page_of(client, case).count(open_sealed(receipts.first(), "body")) == 0

    run_jobs(Job.objects.filter(topic=SEND_TOPIC).values_list("pk", flat=True))
    with pinned(LATER):
        letters = client.get(f"/track/{case.number}/").context["letters"]
    assert [(letter.text, letter.is_mine) for letter in letters] == [(open_sealed(receipts.first(), "body"), False)]
    assert {delivery.manner for delivery in letters[0].sent} >= {"inbox"}


def test_a_held_decision_notice_is_not_shown_before_the_letter(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="decided")
    notice = case.messages.filter(purpose="decision").first()

    run_jobs(Job.objects.filter(topic=SEND_TOPIC).values_list("pk", flat=True))
    assert open_sealed(notice, "body") not in page_of(client, case)


def test_writing_reaches_the_handler_once(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    enter(client, case)
    with pinned(LATER):
        key = client.get(f"/track/{case.number}/").context["form"].initial["key"]

    for _click in range(2):
        answer = post(client, case, "message", text="请问\r\n何时有结果？", key=key)
        assert answer.headers["Location"] == f"/track/{case.number}/?sent=1#letters"
    message = case.messages.get(is_incoming=True)
    assert open_sealed(message, "body") == "请问\n何时有结果？"
    assert case.events.filter(verb="complaints.message", actor_kind="consumer", actor_id=case.consumer_id).count() == 1
    assert "何时有结果" in page_of(client, case)


@pytest.mark.parametrize("text", ["", "   ", "长" * 8_001])
def test_an_empty_or_too_long_message_comes_back(client: Client, cast: Cast, text: str) -> None:
    case = factory.file()
    enter(client, case)

    answer = post(client, case, "message", text=text, key="k")
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["text"])
    assert text.strip() in answer.content.decode()
    assert not case.messages.filter(is_incoming=True).exists()


def test_withdrawing_says_what_it_means_before_it_is_done(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    enter(client, case)

    with pinned(LATER):
        page = client.get(f"/track/{case.number}/withdraw/")
    assert (page.status_code, page.context["blockers"]) == (200, [])
    assert Complaint.objects.get(pk=case.pk).state == "investigating"
    for _click in range(2):
        assert post(client, case, "withdraw", key=page.context["key"]).headers["Location"] == f"/track/{case.number}/"
    case = Complaint.objects.get(pk=case.pk)
    assert (case.state, case.withdrawal_manner, case.withdrawn_at) == ("withdrawn", "portal", LATER)
    assert case.events.filter(verb="complaints.withdraw").count() == 1


def test_a_notified_complaint_cannot_be_withdrawn(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")
    enter(client, case)

    with pinned(LATER):
        page = client.get(f"/track/{case.number}/withdraw/")
    answer = post(client, case, "withdraw", key="k")
    assert [blocker.code for blocker in page.context["blockers"]] == ["case.wrong_state"]
    assert answer.status_code == 409
    assert Complaint.objects.get(pk=case.pk).state == "notified"


def test_the_letter_comes_as_a_file_once_issued(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    document = case.documents.get()
    enter(client, case)

    with pinned(LATER):
        answer = client.get(f"/track/{case.number}/letter/{document.code}/")
    assert answer.content == store.read(document.file)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert case.number in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_there_is_no_letter_before_it_is_issued_and_none_by_another_code(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="decided")
    enter(client, case)

    with pinned(LATER):
        assert client.get(f"/track/{case.number}/letter/CODE-{case.number}/").status_code == 404
    factory.issued(case, cast, LATER)
    with pinned(LATER):
        assert client.get(f"/track/{case.number}/letter/OTHER/").status_code == 404
        assert client.get(f"/track/{case.number}/letter/CODE-{case.number}/").status_code == 200
