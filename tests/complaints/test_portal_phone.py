"""Changing the number in the portal: codes to both phones, in this browser only; and the way without the old phone, which tells nobody anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from cases.complaints.models import Complaint, PhoneChange
from jike.accounts import codes
from jike.accounts.models import PhoneChallenge
from jike.base.dates import pinned
from jike.privacy import open_sealed
from tests.complaints.portal_walk import CONTACT, LATER, code_just_sent, enter, receipt_code_of
from tests.factories import complaints as factory
from tests.people import Cast

OLD, NEW = "13800138000", "13900139000"
AT = LATER + timedelta(minutes=2)


def do(client: Client, address: str, at: object = AT, **typed: str) -> HttpResponse:
    with pinned(at):
        return client.post(address, typed) if typed else client.get(address)


def opened(client: Client, cast: Cast, at: str = "claimed") -> Complaint:
    case = factory.complaint(cast, at=at)
    enter(client, case)
    return case


def page(case: Complaint, what: str = "") -> str:
    return f"/track/{case.number}/phone/{what}"


def sent_to() -> str:
    return open_sealed(PhoneChallenge.objects.order_by("-created_at", "-id").first(), "phone")


def test_both_phones_answer_and_only_the_new_one_signs_in(client: Client, cast: Cast) -> None:
    case = opened(client, cast)
    assert do(client, page(case), phone="139 0013 9000").status_code == 302
    assert (sent_to(), PhoneChange.objects.count()) == (OLD, 0)
    assert do(client, page(case, "code/"), code=code_just_sent()).status_code == 302
    assert (sent_to(), PhoneChange.objects.count()) == (NEW, 0)

    answer = do(client, page(case, "code/"), code=code_just_sent())

    assert answer.url == f"/track/{case.number}/?done=phone"
    assert do(client, answer.url).status_code == 200
    assert enter(Client(), case, at=AT + timedelta(minutes=5), phone=OLD).status_code == 400
    assert enter(Client(), case, at=AT + timedelta(minutes=9), phone=NEW).status_code == 302


def test_without_the_code_of_the_old_phone_the_new_one_is_never_asked(client: Client, cast: Cast) -> None:
    case = opened(client, cast)
    do(client, page(case), phone=NEW)

    assert do(client, page(case, "code/"), code="000000").status_code == 400

    assert not PhoneChallenge.objects.filter(purpose="new_phone").exists()
    assert PhoneChange.objects.count() == 0


def test_a_code_for_signing_in_does_not_change_a_number(client: Client, cast: Cast) -> None:
    case = opened(client, cast)
    do(client, page(case), phone=NEW)
    signing_in = PhoneChallenge.objects.get(purpose="track")

    assert do(client, page(case, "code/"), code=codes.code_of(signing_in.pk)).status_code == 400


def test_another_browser_that_is_signed_in_is_signed_out(client: Client, cast: Cast) -> None:
    case = opened(client, cast)
    other = Client()
    enter(other, case, at=LATER + timedelta(minutes=1, seconds=30))
    at = LATER + timedelta(minutes=3)
    assert do(other, f"/track/{case.number}/", at).status_code == 200
    do(client, page(case), at, phone=NEW)
    do(client, page(case, "code/"), at, code=code_just_sent())
    do(client, page(case, "code/"), at, code=code_just_sent())

    assert do(other, f"/track/{case.number}/", at).url == "/track/?ended=1"


def test_too_many_codes_and_the_number_we_have_are_said_at_the_field(client: Client, cast: Cast) -> None:
    case = opened(client, cast)

    same = do(client, page(case), phone=f"+86 {OLD}")
    soon = do(client, page(case), LATER, phone=NEW)

    assert (same.status_code, list(same.context["form"].errors)) == (400, ["phone"])
    assert (soon.status_code, list(soon.context["form"].errors)) == (400, ["phone"])


def test_the_pages_want_a_visit_of_this_case(client: Client, cast: Cast) -> None:
    case, other = factory.complaint(cast, at="claimed"), factory.file(phone=NEW)
    for what in ("", "code/"):
        assert do(client, page(case, what)).url == "/track/?ended=1"
    enter(client, case)
    assert do(client, page(other)).status_code == 404
    assert do(client, page(case, "code/")).url == page(case)


LOST = {"name": CONTACT["name"], "phone": NEW, "words": "旧手机丢了。"}


@pytest.mark.parametrize("fits", [True, False])
def test_a_lost_phone_gets_the_same_answer_whatever_the_receipt_code(fits: bool, client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    code = receipt_code_of(case) if fits else "2222-2222-2222-2222"
    assert do(client, "/track/lost/", receipt_code=code, **LOST).url == "/track/lost/code/"
    assert sent_to() == NEW
    assert do(client, "/track/lost/code/", code="000000").status_code == 400

    answer = do(client, "/track/lost/code/", code=code_just_sent())

    assert answer.url == "/track/lost/done/"
    done = do(client, "/track/lost/done/").content.decode()
    assert case.number not in done and CONTACT["name"] not in done
    assert PhoneChange.objects.filter(case_id=case.pk, outcome="").count() == int(fits)


def test_asking_again_is_answered_the_same_and_writes_nothing(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    for minutes in (2, 4):
        at = LATER + timedelta(minutes=minutes)
        do(client, "/track/lost/", at, receipt_code=receipt_code_of(case), **LOST)
        assert do(client, "/track/lost/code/", at, code=code_just_sent()).url == "/track/lost/done/"

    assert PhoneChange.objects.count() == 1


def test_what_was_typed_stays_when_something_is_missing(client: Client, cast: Cast) -> None:
    answer = do(client, "/track/lost/", receipt_code="", **{**LOST, "words": "号码注销了"})

    assert answer.status_code == 400
    assert "号码注销了" in answer.content.decode()
    assert do(client, "/track/lost/code/").url == "/track/lost/"


def test_staff_record_the_check_and_a_second_person_reads_it_before_the_vote(cast: Cast) -> None:
    from cases.complaints import actions
    from jike.accounts.roles import consumer_actor
    from tests.accounts.signing_in import sign_in

    case = factory.complaint(cast, at="claimed")
    actions.ask_phone(case, actor=consumer_actor(None), now=AT, **LOST)
    handler, supervisor = sign_in(Client(), cast.handler.user), sign_in(Client(), cast.supervisor.user)
    form = handler.get(f"/staff/cases/{case.number}/check_phone/").content.decode()
    assert "旧手机丢了。" in form and "139****9000" in form and NEW not in form

    handler.post(f"/staff/cases/{case.number}/check_phone/", {"evidence": "视频核对身份证"})
    vote = supervisor.get(f"/staff/cases/{case.number}/approve_phone/").content.decode()
    assert "视频核对身份证" in vote and "138****8000" in vote and OLD not in vote
    payload = factory.payload_of(Complaint.objects.get(pk=case.pk))
    supervisor.post(f"/staff/cases/{case.number}/approve_phone/", {"payload": payload})

    assert PhoneChange.objects.get().outcome == "changed"
