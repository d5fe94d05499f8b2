"""The intake screen: received is not keyed, nothing we hold is asked, the consumer gets the same receipt (R1, R2, R16, R17)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.test import Client

from cases.clocks.models import Clock
from cases.complaints.actions import claim_complaint, recuse_oneself, take_in_complaint
from cases.complaints.intake.forms import IntakeForm, demanded_though_held
from cases.complaints.models import Complaint
from cases.models import Message, Note
from jike import ledger
from jike.accounts import codes
from jike.accounts.models import PhoneChallenge
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.dates import CST, pinned
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.people import Cast, staff

NOW = datetime(2026, 9, 28, 10, 20, tzinfo=CST)
PHONE = "13912345678"
TYPED = {
    "matter": "complaint",
    "channel": "phone",
    "received_at": "2026-09-28T10:00",
    "phone": "139 1234 5678",
    "name": "欧阳靖宇",
    "narrative": "九月三日夜里学校搬空了教室。",
    "claim": "退还课时费",
    "confirmed_by": "recording",
    "confirmation": "REC-20260928-0007",
    "key": "k1",
    "file": "1",
}


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(Client(), cast.handler.user)


def send(client: Client, *, now: datetime = NOW, **changes: str) -> Any:
    with pinned(now):
        return client.post("/staff/intake/", {k: v for k, v in {**TYPED, **changes}.items() if v is not None})


@pytest.mark.rule("R1", "R2")
@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-09-28T10:00", "2026-10-13"), ("2026-09-29T00:30", "2026-10-14"), ("2026-09-28T23:59", "2026-10-13")],
    ids=["R1", "R2", "last minute of the day"],
)
def test_the_clock_counts_from_receipt_not_from_keying(client: Client, received: str, due: str) -> None:
    """R1, R2: the Shanghai day of receipt is not counted, whenever it is keyed."""
    answer = send(client, now=datetime(2026, 9, 30, 9, 0, tzinfo=CST), received_at=received, backdated="passed_on")

    assert answer.status_code == 302
    case = Complaint.objects.get()
    assert f"{Clock.objects.get(code='CMP15').due_at.astimezone(CST):%Y-%m-%d}" == due
    assert case.received_at < case.registered_at == datetime(2026, 9, 30, 9, 0, tzinfo=CST)
    assert re.fullmatch(r"TS20260930-\d{5}", case.number)


@pytest.mark.rule("R17")
def test_R17_name_contact_claim_and_facts_are_enough(client: Client) -> None:  # noqa: N802 - the rule's own name
    assert send(client).status_code == 302

    case = Complaint.objects.get()
    assert (case.state, case.source_channel, case.loan, case.is_historical) == ("received", "phone", None, False)
    assert Message.objects.filter(purpose="receipt", channel="sms").count() == 1
    for field in ("matter", "name", "phone", "claim", "narrative", "received_at", "confirmed_by", "channel"):
        assert send(client, **{field: "", "key": field}).status_code == 400, field
    assert Complaint.objects.count() == 1


def all_forms(top: type[forms.BaseForm] = forms.Form) -> list[type[forms.BaseForm]]:
    return [one for sub in top.__subclasses__() for one in (sub, *all_forms(sub))]


@pytest.mark.rule("R16")
def test_R16_no_form_requires_what_the_house_can_look_up() -> None:  # noqa: N802
    """Every form of filing, on the portal and at the desk; and the lint does find such a form."""
    filing = [f for f in all_forms() if f.__module__.startswith(("cases.complaints.portal", "cases.complaints.intake"))]
    assert IntakeForm in filing
    assert {f.__name__: demanded_though_held(f) for f in filing if demanded_though_held(f)} == {}

    bad = type("Bad", (forms.Form,), {"loan_number": forms.CharField(), "contract": forms.FileField(required=False)})
    assert demanded_though_held(bad) == ["loan_number"]


def test_keying_late_asks_why_and_leaves_its_mark(client: Client, cast: Cast) -> None:
    late = NOW + timedelta(days=2)
    refused = send(client, now=late)
    assert refused.status_code == 400
    assert "补录原因" in refused.content.decode() and not Complaint.objects.exists()

    assert send(client, now=late, backdated="other").status_code == 400
    assert send(client, now=late, backdated="other", backdated_note="周末由保安代收").status_code == 302

    case = Complaint.objects.get()
    event = case.events.get()
    assert (event.verb, event.data["backdated"], event.data["keyed_late_minutes"]) == (
        "complaints.take_in",
        "other",
        2900,
    )
    assert event.data["confirmed"] == "recording"
    assert "周末由保安代收" in open_sealed(Note.objects.get(case=case), "body")
    assert "保安" not in str(event.data) and list(ledger.verify()) == []
    case = factory.claimed(case, cast, late)
    assert "补录于 2026-09-30 10:20" in client.get(f"/staff/cases/{case.number}/").content.decode()


@pytest.mark.parametrize(("minutes", "status"), [(30, 302), (31, 400), (-1, 400)])
def test_half_an_hour_is_not_late_and_the_future_is_refused(client: Client, minutes: int, status: int) -> None:
    at = NOW - timedelta(minutes=minutes)

    assert send(client, received_at=f"{at:%Y-%m-%dT%H:%M}").status_code == status


def test_nothing_typed_is_lost_when_it_is_refused(client: Client) -> None:
    page = send(client, phone="12345").content.decode()
    again = client.get("/staff/intake/").content.decode()

    for text in (TYPED["narrative"], TYPED["claim"], "欧阳靖宇", "12345", "REC-20260928-0007"):
        assert text in page and text in again
    session = client.session
    assert TYPED["narrative"] not in str(dict(session.items()))
    client.post("/staff/intake/", {"drop": "1"})
    assert TYPED["narrative"] not in client.get("/staff/intake/").content.decode()


def test_a_second_click_files_once(client: Client) -> None:
    assert [send(client).status_code, send(client).status_code] == [302, 302]
    assert Complaint.objects.count() == 1


def test_the_receipt_is_read_out_once_in_this_session_only(client: Client, cast: Cast) -> None:
    answer = send(client)
    case = Complaint.objects.get()

    page = client.get(answer.headers["Location"]).content.decode()
    assert case.number in page and open_sealed(case, "receipt_code") in page
    assert sign_in(Client(), cast.colleague.user).get("/staff/intake/receipt/").status_code == 404

    case = claim_complaint(case, actor=cast.handler.actor, now=case.registered_at)
    recuse_oneself(case, actor=cast.handler.actor, now=case.registered_at, ground="other", reason="x")
    assert client.get("/staff/intake/receipt/").status_code == 404


def test_what_is_known_by_the_number_is_masked_and_of_the_own_unit(client: Client, cast: Cast) -> None:
    case = factory.file(name="欧阳靖宇", phone=PHONE)
    with pinned(NOW):
        part = client.post("/staff/intake/known/", {"phone": PHONE}).content.decode()
        whole = client.post("/staff/intake/", {**TYPED, "look": "1"}).content.decode()
        stranger = sign_in(Client(), cast.stranger.user).post("/staff/intake/known/", {"phone": PHONE}).content.decode()

    for page in (part, whole):
        assert case.number in page and "欧**" in page and "139****5678" in page
    assert "欧阳靖宇" not in part and PHONE not in part
    assert case.number not in stranger


def test_a_code_confirms_and_only_for_the_phone_it_went_to(client: Client) -> None:
    with pinned(NOW):
        assert client.post("/staff/intake/", {**TYPED, "send_code": "1", "confirmed_by": "code"}).status_code == 200
        code = codes.code_of(PhoneChallenge.objects.get().pk)
    assert send(client, confirmed_by="code", confirmation="", code="").status_code == 400
    assert (
        send(client, confirmed_by="code", confirmation="", code="000000" if code != "000000" else "111111").status_code
        == 400
    )
    assert send(client, confirmed_by="code", confirmation="", code=code).status_code == 302
    assert Complaint.objects.get().events.get().data["confirmed"] == "code"


def test_a_code_of_another_phone_confirms_nothing(client: Client) -> None:
    with pinned(NOW):
        client.post("/staff/intake/", {**TYPED, "send_code": "1", "confirmed_by": "code"})
        code = codes.code_of(PhoneChallenge.objects.get().pk)

    assert send(client, confirmed_by="code", confirmation="", code=code, phone="13800138001").status_code == 400
    assert not Complaint.objects.exists()


def test_only_those_who_take_in_see_the_screen(cast: Cast) -> None:
    for role in ("auditor", "system_admin", "executive", "legal"):
        client = sign_in(Client(), staff(f"x{role}", role, unit=cast.unit).user)
        assert [client.get("/staff/intake/").status_code, client.post("/staff/intake/known/").status_code] == [404, 404]
    for actor in (consumer_actor(None), machine_actor("importer")):
        with pytest.raises(Refused, match=r"actor\.no_power"):
            take_in_complaint(
                actor=actor, now=NOW, name="x", phone=PHONE, claim="x", narrative="x", received_at=NOW, channel="phone",
                confirmed_by="present",
            )  # fmt: skip
