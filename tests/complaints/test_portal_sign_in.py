"""Opening one's case: receipt code and phone together, and nothing to be learnt by trying."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.complaints.models import Complaint
from jike.accounts.models import PhoneChallenge
from jike.accounts.spaces import PORTAL
from jike.base.dates import pinned
from tests.complaints.portal_walk import (
    CONTACT,
    LATER,
    ask_to_enter,
    code_just_sent,
    enter,
    receipt_code_of,
    tell,
    urls_of,
)
from tests.factories import complaints as factory
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("cast")

STRANGERS_PHONE = "13900139000"
NO_CODE = "AAAA-BBBB-CCCC-DDDD"


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return factory.file()


def without_what_differs(answer: HttpResponse) -> str:
    """A page without its tokens and the masked number that the visitor typed."""
    page = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", answer.content.decode())
    return re.sub(r"1\d{2}\*{4}\d{4}|value=\"[A-Z0-9-]{19}\"", "", page)


def tried(receipt_code: str, phone: str) -> tuple[int, str, str, int]:
    """Status, target, following page and number of queries of a fresh browser that tries this pair."""
    client = Client()
    client.get("/track/")
    with CaptureQueriesContext(connection) as queries:
        answer = ask_to_enter(client, receipt_code, phone)
    page = client.get(answer.headers["Location"])
    return answer.status_code, answer.headers["Location"], without_what_differs(page), len(queries)


def test_receipt_code_and_phone_open_the_case(client: Client, case: Complaint) -> None:
    with pinned(LATER):
        answer = enter(client, case, phone="+86 13800138000")
        page = client.get(answer.headers["Location"])

    assert answer.headers["Location"] == f"/track/{case.number}/"
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert case.number in page.content.decode()


def test_the_receipt_code_may_be_typed_as_it_comes(client: Client, case: Complaint) -> None:
    typed = receipt_code_of(case).lower().replace("-", " ")

    with pinned(LATER):
        ask_to_enter(client, f" {typed} ", CONTACT["phone"])
        answer = client.post("/track/code/", {"code": f"{code_just_sent()[:3]} {code_just_sent()[3:]}"})
    assert answer.headers["Location"] == f"/track/{case.number}/"


def test_every_pair_gets_the_same_answer_until_the_phone_has_answered(case: Complaint) -> None:
    code = receipt_code_of(case)

    fitting = tried(code, CONTACT["phone"])
    assert tried(code, STRANGERS_PHONE) == fitting
    assert tried(NO_CODE, "13700137000") == fitting
    assert PhoneChallenge.objects.count() == 3


def test_a_proven_phone_learns_nothing_about_other_receipt_codes(case: Complaint) -> None:
    answers = []
    for receipt_code, phone in ((receipt_code_of(case), STRANGERS_PHONE), (NO_CODE, "13700137000")):
        client = Client()
        ask_to_enter(client, receipt_code, phone)
        answer = client.post("/track/code/", {"code": code_just_sent()})
        answers.append(
            (answer.status_code, list(answer.context["form"].errors), without_what_differs(answer).replace(phone, ""))
        )
        assert client.get(f"/track/{case.number}/").headers["Location"] == "/track/?ended=1"

    assert answers[0] == answers[1]
    assert answers[0][:2] == (400, ["receipt_code"])


def test_a_mistyped_receipt_code_is_corrected_without_another_message(client: Client, case: Complaint) -> None:
    with pinned(LATER):
        ask_to_enter(client, NO_CODE, CONTACT["phone"])
        client.post("/track/code/", {"code": code_just_sent()})
        answer = ask_to_enter(client, receipt_code_of(case), CONTACT["phone"])

    assert answer.headers["Location"] == f"/track/{case.number}/"
    assert PhoneChallenge.objects.count() == 1


def test_one_proof_is_good_for_a_few_pairs_only(client: Client, case: Complaint) -> None:
    with pinned(LATER):
        ask_to_enter(client, NO_CODE, CONTACT["phone"])
        client.post("/track/code/", {"code": code_just_sent()})
        for _again in range(4):
            assert ask_to_enter(client, NO_CODE, CONTACT["phone"]).status_code == 400
    with pinned(LATER + timedelta(minutes=2)):
        answer = ask_to_enter(client, receipt_code_of(case), CONTACT["phone"])

    assert answer.headers["Location"] == "/track/code/"
    assert PhoneChallenge.objects.count() == 2


def test_a_code_for_filing_opens_no_case(client: Client, case: Complaint) -> None:
    with pinned(LATER):
        tell(client)
        client.post("/complain/you/", CONTACT)
        filing = code_just_sent()
    with pinned(LATER + timedelta(minutes=2)):
        ask_to_enter(client, receipt_code_of(case), CONTACT["phone"])
        answer = client.post("/track/code/", {"code": filing})

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["code"])


@pytest.mark.parametrize(
    ("typed", "at_fault"),
    [
        ({}, ["receipt_code", "phone"]),
        ({"receipt_code": "ABCD", "phone": "13800138000"}, ["receipt_code"]),
        ({"receipt_code": NO_CODE, "phone": "138"}, ["phone"]),
    ],
)
def test_an_error_names_its_field(client: Client, typed: dict, at_fault: list) -> None:
    answer = client.post("/track/", typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, at_fault)
    assert not PhoneChallenge.objects.exists()


def test_the_session_key_changes_on_entering(client: Client, case: Complaint) -> None:
    with pinned(LATER):
        ask_to_enter(client, receipt_code_of(case), CONTACT["phone"])
        before = client.cookies[PORTAL.session_cookie].value
        client.post("/track/code/", {"code": code_just_sent()})

    assert client.cookies[PORTAL.session_cookie].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_the_visit_ends_after_half_an_hour_without_a_click(client: Client, case: Complaint) -> None:
    enter(client, case)

    def status(minutes: int) -> int:
        with pinned(LATER + timedelta(minutes=minutes)):
            return client.get(f"/track/{case.number}/").status_code

    assert [status(29), status(58), status(89)] == [200, 200, 302]


def test_a_message_survives_the_end_of_the_visit(client: Client, case: Complaint) -> None:
    enter(client, case)
    later = LATER + timedelta(hours=1)

    with pinned(later):
        ended = client.post(f"/track/{case.number}/message/", {"text": "写了很久的话", "key": "k"})
    enter(client, case, at=later)
    with pinned(later):
        page = client.get(f"/track/{case.number}/")
    assert ended.headers["Location"] == "/track/?ended=1"
    assert case.messages.filter(is_incoming=True).count() == 0
    assert page.context["form"].initial["text"] == "写了很久的话"


def test_signing_out_ends_the_visit(client: Client, case: Complaint) -> None:
    enter(client, case)

    with pinned(LATER):
        answer = client.post("/track/sign-out/")
        after = client.get(f"/track/{case.number}/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert after.headers["Location"] == "/track/?ended=1"


def test_somebody_elses_case_is_not_there(client: Client, cast: Cast, case: Complaint) -> None:
    """Every address of it, and every method, answers exactly as for a number that nobody has."""
    theirs = factory.complaint(cast, at="notified", name="李四", phone=STRANGERS_PHONE)
    letter = theirs.documents.get().code
    enter(client, case)

    def answer(url: str, method: str) -> tuple[int, str]:
        with pinned(LATER):
            found = getattr(client, method)(url, {"text": "你好", "key": "k"})
        return found.status_code, without_what_differs(found).replace(url, "")

    there, nowhere = urls_of(theirs.number, letter), urls_of("TS20990101-00001")
    for (url, method), (missing, _method) in zip(there.items(), nowhere.items(), strict=True):
        assert answer(url, method) == answer(missing, method)
        assert answer(url, method)[0] == 404
    assert theirs.messages.filter(is_incoming=True).count() == 0
    assert Complaint.objects.get(pk=theirs.pk).state == "notified"


def test_the_same_persons_other_case_needs_its_own_receipt_code(client: Client, case: Complaint) -> None:
    other = factory.file(claim="另一件事")
    enter(client, case)

    with pinned(LATER):
        assert client.get(f"/track/{other.number}/").status_code == 404


def test_without_a_visit_every_number_leads_to_the_sign_in_page(client: Client, case: Complaint) -> None:
    for number in (case.number, "TS20990101-00001"):
        for url, method in urls_of(number).items():
            assert getattr(client, method)(url).headers["Location"] == "/track/?ended=1"


def test_a_workbench_session_opens_nothing_here(client: Client, cast: Cast, case: Complaint) -> None:
    from tests.accounts.signing_in import sign_in

    sign_in(client, cast.handler.user)
    assert client.get(f"/track/{case.number}/").headers["Location"] == "/track/?ended=1"
