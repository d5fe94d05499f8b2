"""Filing a complaint without an account: three steps, nothing lost, one case."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client

from cases.complaints.models import Complaint
from cases.complaints.portal import pages
from cases.complaints.portal.models import Draft
from cases.complaints.portal.questions import all_questions
from cases.complaints.rules.limits import NARRATIVE_LIMIT
from cases.portal.fields import AmountField
from jike.accounts.models import PhoneChallenge
from jike.accounts.spaces import PORTAL
from jike.base.dates import pinned
from jike.outbox.models import Job
from jike.privacy import open_sealed
from jike.privacy.models import DataKey
from jike.web.sessions import PortalStore
from lending.models import Merchant
from tests.complaints.portal_walk import (
    CONTACT,
    LATER,
    NOW,
    STORY,
    code_just_sent,
    enter,
    file,
    receipt_code_of,
    tell,
    write_down,
)

pytestmark = pytest.mark.usefixtures("cast")


def test_filing_makes_a_case_and_its_receipt(client: Client) -> None:
    case = file(client, narrative="第一行\r\n第二行", amount="￥12,800.50", merchant="一家不认识的店")

    with pinned(NOW):
        page = client.get("/complain/receipt/")
    assert (open_sealed(case, "narrative"), open_sealed(case, "claim")) == ("第一行\n第二行", STORY["claim"])
    assert (case.amount_cny, open_sealed(case, "merchant_named"), case.merchant) == (
        Decimal("12800.50"),
        "一家不认识的店",
        None,
    )
    assert (case.source_channel, case.received_at, case.state, case.consumer_mask) == (
        "portal",
        NOW,
        "received",
        "王**",
    )
    assert (case.events.get().actor_kind, case.events.get().actor_label) == ("consumer", "消费者")
    assert case.number in page.content.decode()
    assert receipt_code_of(case) in page.content.decode()
    assert [line.day.isoformat() for line in page.context["why"].lines] == ["2026-11-23", "2026-12-08"]
    assert {m.channel for m in case.messages.filter(purpose="receipt")} == {"sms", "inbox"}


def test_a_known_merchant_is_linked_by_its_exact_name(client: Client) -> None:
    merchant = Merchant.objects.first()

    client.post("/complain/", {"matter": "rental"})
    assert merchant.name in client.get("/complain/q/merchant/").content.decode()
    assert file(client, merchant=f" {merchant.name} ").merchant == merchant


def test_only_what_nobody_can_look_up_is_required() -> None:
    required = {question.code for question in all_questions() if question.required}

    assert required == {"matter", "narrative", "claim", "who", "person", "relation", "representatives"}
    assert [q.code for q in all_questions() if q.required and q.we_hold] == []


@pytest.mark.parametrize(
    ("path", "typed", "at_fault"),
    [
        ("/complain/q/narrative/", {}, ["narrative"]),
        ("/complain/q/amount/", {"amount": "三千"}, ["amount"]),
        ("/complain/q/narrative/", {"narrative": "长" * (NARRATIVE_LIMIT + 1)}, ["narrative"]),
        ("/complain/you/", {"name": "王小明", "phone": "12345"}, ["phone"]),
        ("/complain/you/", {"name": "王" * 61, "phone": "13800138000"}, ["name"]),
        ("/complain/you/", {}, ["name", "phone"]),
    ],
)
def test_an_error_names_its_field_and_keeps_what_was_typed(
    client: Client, path: str, typed: dict, at_fault: list
) -> None:
    tell(client)

    answer = client.post(path, typed)
    again = client.get(path).content.decode()
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, at_fault)
    for name in at_fault:
        assert f'href="#id_{name}"' in answer.content.decode()
        assert f'id="id_{name}_error"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    for value in typed.values():
        assert value in answer.content.decode()
        assert value in again


def test_the_draft_is_not_readable_in_the_database(client: Client) -> None:
    tell(client, narrative="独一无二的经过")
    client.post("/complain/you/", CONTACT)

    kept = PortalStore(client.cookies[PORTAL.session_cookie].value).load()
    row = Draft.objects.get()
    assert client.get("/complain/q/narrative/").context["form"].initial["narrative"] == "独一无二的经过"
    for secret in ("独一无二的经过", CONTACT["name"], "13800138000", CONTACT["phone"]):
        assert secret not in str(kept)
        assert secret.encode() not in row.content.ciphertext
    assert row.answers["narrative"] == "独一无二的经过"


def test_the_draft_can_be_thrown_away(client: Client) -> None:
    tell(client)
    draft = Draft.objects.get()

    client.post("/complain/discard/")
    client.post("/complain/", {"matter": "training"})
    assert STORY["narrative"] not in client.get("/complain/q/narrative/").content.decode()
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert DataKey.objects.get(pk=draft.pk).destroyed_at is not None


@pytest.mark.parametrize(
    ("path", "back_to"),
    [
        ("/complain/you/", "/complain/"),
        ("/complain/code/", "/complain/you/"),
        ("/complain/check/", "/complain/"),
        ("/complain/receipt/", "/track/"),
    ],
)
def test_a_step_out_of_order_leads_to_the_one_that_lacks(client: Client, path: str, back_to: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (302, back_to)


def test_nothing_is_filed_before_the_phone_has_answered(client: Client) -> None:
    tell(client)
    client.post("/complain/you/", CONTACT)
    wrong = f"{(int(code_just_sent()) + 1) % 1_000_000:06}"

    answer = client.post("/complain/code/", {"code": wrong})
    token = answer.context["draft"].token
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["code"])
    assert client.post("/complain/send/", {"token": token}).headers["Location"] == "/complain/you/"
    assert not Complaint.objects.exists()


def test_another_number_needs_another_code(client: Client) -> None:
    page = write_down(client)
    client.post("/complain/you/", {**CONTACT, "phone": "13900139000"})

    assert client.get("/complain/check/").headers["Location"] == "/complain/you/"
    assert (
        client.post("/complain/send/", {"token": page.context["draft"].token}).headers["Location"] == "/complain/you/"
    )
    assert not Complaint.objects.exists()


def test_a_proven_number_is_not_asked_for_a_code_twice(client: Client) -> None:
    write_down(client)

    answer = client.post("/complain/you/", {**CONTACT, "name": "王晓明"})
    assert answer.headers["Location"] == "/complain/check/"
    assert PhoneChallenge.objects.count() == 1


def test_a_limit_of_codes_is_said_at_the_field(client: Client) -> None:
    with pinned(NOW):
        tell(client)
        client.post("/complain/you/", CONTACT)
        answer = client.post("/complain/code/again/")

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["phone"])
    assert CONTACT["name"] in answer.content.decode()


def test_sending_twice_files_once(client: Client) -> None:
    token = write_down(client).context["draft"].token

    first = client.post("/complain/send/", {"token": token})
    second = client.post("/complain/send/", {"token": token})
    assert [a.headers["Location"] for a in (first, second)] == ["/complain/receipt/"] * 2
    assert Complaint.objects.count() == 1


def test_two_requests_at_once_file_once(client: Client) -> None:
    """The second request still holds the session and the draft as they were before the first was done."""
    token = write_down(client).context["draft"].token
    before = Session.objects.get(pk=client.cookies[PORTAL.session_cookie].value)
    draft = Draft.objects.get()

    client.post("/complain/send/", {"token": token})
    before.save()
    Draft.objects.bulk_create([draft])
    answer = client.post("/complain/send/", {"token": token})
    assert answer.headers["Location"] == "/complain/receipt/"
    assert (Complaint.objects.count(), Job.objects.filter(topic="cases.send_message").count()) == (1, 2)
    assert Complaint.objects.get().number in client.get("/complain/receipt/").content.decode()


def test_a_made_up_token_files_nothing(client: Client) -> None:
    write_down(client)

    for token in ("", "made-up"):
        assert client.post("/complain/send/", {"token": token}).headers["Location"] == "/complain/check/"
    assert not Complaint.objects.exists()


def test_the_receipt_is_shown_in_its_own_browser_only(client: Client) -> None:
    case = file(client)
    with pinned(NOW):
        own = client.get("/complain/receipt/")
        other = Client().get("/complain/receipt/")

    assert case.number in own.content.decode()
    assert (other.status_code, other.headers["Location"]) == (302, "/track/")


def test_the_session_key_changes_with_the_first_answer(client: Client) -> None:
    client.get("/complain/")
    client.post("/complain/", {"matter": ""})
    before = client.cookies[PORTAL.session_cookie].value

    client.post("/complain/discard/")
    client.post("/complain/", {"matter": "training"})
    assert client.cookies[PORTAL.session_cookie].value != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3000", "3000"),
        ("3,000.5", "3000.5"),
        ("￥３０００", "3000"),
        ("3000元", "3000"),
        ("¥ 12 800.00", "12800.00"),
        ("", None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, meant: str | None) -> None:
    assert AmountField(required=False).clean(typed) == (Decimal(meant) if meant else None)


@pytest.mark.parametrize(
    "typed", ["三千", "-5", "0", "0.00", "1e9", "NaN", "Infinity", "1.234", "12345678901", "3000 to 4000"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        AmountField(required=False).clean(typed)


def test_looking_at_pages_writes_nothing_but_the_session(client: Client, settings: Any) -> None:
    settings.STRICT_GETS = True
    case = file(client)
    visitor = Client()
    enter(visitor, case)

    with pinned(LATER):
        for path in (
            "/complain/",
            "/complain/receipt/",
            "/track/",
            f"/track/{case.number}/",
            f"/track/{case.number}/withdraw/",
        ):
            assert visitor.get(path).status_code in (200, 302)


def test_the_qr_of_a_receipt_hides_its_code_from_servers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(pages, "qr_data_uri", lambda text: drawn.append(text) or "data:image/svg+xml;base64,")
    case = file(client)

    with pinned(NOW):
        client.get("/complain/receipt/")
    assert drawn == [f"{settings.PUBLIC_BASE_URL}/track/#{receipt_code_of(case)}"]
