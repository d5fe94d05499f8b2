"""The intake screen says what a message is: by the word of the clerk, never of the words alone. R76, R17."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.clocks.models import Clock
from cases.complaints.models import Complaint
from cases.inquiries.models import Inquiry
from cases.models import Link, Message
from jike.base.dates import pinned
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.complaints.test_intake import NOW, TYPED, send
from tests.people import Cast

ASKED = {"matter": "question", "claim": "", "confirmed_by": "", "confirmation": "", "narrative": "请问怎么还款？"}
UNNAMED = ASKED | {"matter": "report", "name": "", "phone": "", "narrative": "举报店里没有资质。"}


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(Client(), cast.handler.user)


@pytest.mark.rule("R76")
def test_r76_nothing_is_filed_before_somebody_says_what_it_is(client: Client) -> None:
    answer = send(client, matter="", narrative="请问怎么还款？另外举报它违规。", claim="退款")

    page = answer.content.decode()
    assert answer.status_code == 400 and "请说明来件性质" in page
    assert "请问" in page.split("提示")[1].split("</p>")[0] and "举报、违规" in page
    assert not Complaint.objects.exists() and not Inquiry.objects.exists()


@pytest.mark.rule("R76")
def test_r76_a_question_by_telephone_gets_a_number_a_code_and_no_clock(client: Client) -> None:
    answer = send(client, **ASKED)

    case = Inquiry.objects.get()
    assert (case.nature, case.state, case.source_channel, case.assignee) == ("question", "received", "phone", None)
    assert not Complaint.objects.exists() and not Clock.objects.exists()
    receipt = client.get(answer.headers["Location"]).content.decode()
    assert case.number in receipt and open_sealed(case, "receipt_code") in receipt
    assert Message.objects.filter(case_id=case.pk, purpose="receipt", channel="sms").count() == 1
    for needed in ("name", "phone", "narrative"):
        assert send(client, **ASKED | {needed: "", "key": needed}).status_code == 400
    assert Inquiry.objects.count() == 1


@pytest.mark.rule("R17")
def test_r17_a_report_without_name_is_taken_in_as_a_clue_and_a_claim_without_name_is_not(client: Client) -> None:
    answer = send(client, **UNNAMED)

    clue = Inquiry.objects.get()
    assert (clue.nature, clue.consumer) == ("clue", None) and not Message.objects.exists()
    page = client.get(answer.headers["Location"]).content.decode()
    assert clue.number in page and "线索" in page
    assert send(client, name="", phone="", key="k2").status_code == 400 and not Complaint.objects.exists()


@pytest.mark.rule("R76")
def test_r76_a_mixed_message_is_taken_in_as_both(client: Client) -> None:
    mixed = {"matter": "complaint+report", "passage": "举报店里没有资质。"}
    assert send(client, **mixed | {"passage": ""}).status_code == 400
    assert not Complaint.objects.exists()

    assert send(client, **mixed).status_code == 302

    complaint, report = Complaint.objects.get(), Inquiry.objects.get()
    assert Clock.objects.get().case_id == complaint.pk
    assert (report.nature, open_sealed(report, "narrative")) == ("report", mixed["passage"])
    assert Link.objects.get(case=report, other=complaint).kind == "split_from"
    assert send(client, **mixed).status_code == 302 and Inquiry.objects.count() == 1, "a second click files once"


def test_a_passage_is_no_part_of_a_plain_complaint(client: Client) -> None:
    assert send(client, passage="举报店里没有资质。").status_code == 302

    assert Complaint.objects.count() == 1 and not Inquiry.objects.exists()


def test_the_screen_offers_no_choice_of_its_own(client: Client) -> None:
    with pinned(NOW):
        page = client.get("/staff/intake/").content.decode()

    assert page.count('name="matter"') == 5 and "checked" not in page
    assert TYPED["narrative"] not in page
