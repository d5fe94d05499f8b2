"""Loans on the workbench: found masked by whoever takes requests in, shown whole, and a request taken in with the portal's own action."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.models import Event, Note
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.privacy import open_sealed
from jike.privacy.models import ReadLog
from refunds import actions, handlers
from refunds.models import Refund
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import code_just_sent
from tests.factories import returns as factory
from tests.factories.returns import ASKED, LAST
from tests.people import Cast, Staff

CLEAR = ("张小明", "13800138000", "6217000010001234567", "6222020200012345678")


def as_staff(staff: Staff) -> Client:
    client = Client()
    sign_in(client, staff.user)
    return client


def given(**changes: Any) -> dict[str, Any]:
    said = {
        "channel": "phone",
        "received_at": ASKED.strftime("%Y-%m-%dT%H:%M"),
        "confirmed_by": "recording",
        "evidence": "录音 2026-1120-17",
        "consumer_says": "none",
        "key": "k-1",
    }
    return said | changes


@pytest.mark.parametrize("typed", ["JK2026111600000001", "ht-1", "138 0013 8000"])
def test_a_loan_is_found_by_its_number_its_contract_or_the_phone_and_shown_masked(cast: Cast, typed: str) -> None:
    loan, client = factory.loan(), as_staff(cast.handler)
    factory.loan(external_id="JK-2", contract_no="HT-2", person={"name": "王五", "phone": "13900139000"})

    with pinned(ASKED):
        found = client.post("/staff/loans/", {"wanted": typed})
        page = client.get(f"/staff/loans/{loan.number}/")

    assert [row.number for row in found.context["found"]] == [loan.number]
    assert page.status_code == 200
    assert not [text for text in CLEAR if text in found.content.decode() + page.content.decode()]
    assert page.context["offer"].last_moment == LAST
    assert [(str(one.name), str(one.total)) for one in page.context["receivers"]] == [
        ("资金方", "0.00"),
        ("平台", "620.00"),
    ]
    assert ReadLog.objects.filter(scope=loan.pk, actor_id=cast.handler.user.pk).count() == 1


def test_nobody_without_the_power_and_nobody_who_is_recused_finds_a_loan(cast: Cast) -> None:
    case = factory.requested()
    number = case.loan.number
    actions.recuse_oneself(case, actor=cast.colleague.actor, now=ASKED, ground="other", reason="亲属")

    for who, status in ((cast.auditor, 404), (cast.colleague, 404), (cast.handler, 200), (cast.stranger, 200)):
        client = as_staff(who)
        with pinned(ASKED):
            assert client.get(f"/staff/loans/{number}/").status_code == status, who.user.username
    with pinned(ASKED):
        assert as_staff(cast.auditor).get("/staff/loans/").status_code == 404
        assert as_staff(cast.colleague).post("/staff/loans/", {"wanted": number}).context["found"] == []
        assert as_staff(cast.handler).post("/staff/loans/", {"wanted": " "}).status_code == 400
        assert as_staff(cast.handler).get("/staff/loans/JK-NONE/").status_code == 404


@pytest.mark.rule("R33")
def test_a_call_is_taken_in_with_what_the_portal_shows_and_the_portals_own_action(cast: Cast) -> None:
    loan, client = factory.loan(service={"state": "none"}), as_staff(cast.handler)
    path = f"/staff/loans/{loan.number}/return/"
    with pinned(ASKED):
        shown = client.get(path)
        assert (str(shown.context["made"].total), str(shown.context["made"].consumer_cost)) == ("300.00", "0.00")
        done = client.post(path, given())
        again = client.post(path, given())
        receipt = client.get(done.url)

    case = Refund.objects.get()
    assert done.url == again.url == "/staff/loans/receipt/"
    assert open_sealed(case, "receipt_code") in receipt.content.decode()
    assert (case.source_channel, open_sealed(case, "request_evidence")) == ("phone", "录音 2026-1120-17")
    assert [leg.kind for leg in case.known_legs] == ["suppress"]
    event = case.events.get(verb="refunds.request")
    assert (event.data["confirmed_by"], event.actor_id) == ("recording", cast.handler.user.pk)
    assert handlers.advance(case, now=ASKED).state == "reversing"


def test_the_code_goes_to_the_phone_of_the_loan_and_must_be_read_out(cast: Cast) -> None:
    loan, client = factory.loan(), as_staff(cast.handler)
    path = f"/staff/loans/{loan.number}/return/"
    with pinned(ASKED):
        sent = client.post(path, given(confirmed_by="code", send_code="1"))
        assert "138****8000" in sent.content.decode()
        missing = client.post(path, given(confirmed_by="code"))
        wrong = client.post(path, given(confirmed_by="code", code="000000"))
        assert (missing.status_code, wrong.status_code, Refund.objects.count()) == (400, 400, 0)
        right = client.post(path, given(confirmed_by="code", code=code_just_sent()))

    assert right.status_code == 302
    assert Event.objects.get(verb="refunds.request").data["confirmed_by"] == "code"


@pytest.mark.rule("R33")
def test_a_word_said_earlier_counts_from_then_with_a_reason_that_is_kept(cast: Cast) -> None:
    loan, client = factory.loan(), as_staff(cast.handler)
    path, said_at = f"/staff/loans/{loan.number}/return/", (ASKED - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    with pinned(ASKED):
        for wrong in (given(received_at=said_at), given(received_at=said_at, backdated="other")):
            assert client.post(path, wrong).status_code == 400
        late = given(received_at=said_at, backdated="other", backdated_note="门店早上转达。", channel="visit")
        assert client.post(path, late).status_code == 302

    case = Refund.objects.get()
    assert (case.received_at, case.registered_at) == (ASKED - timedelta(hours=5), ASKED)
    data = case.events.get(verb="refunds.request").data
    assert (data["backdated"], data["keyed_late_minutes"]) == ("other", 300)
    assert "门店早上转达" in open_sealed(Note.objects.get(case_id=case.pk), "body")


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("keyed_late", "review", "state"), [(0, [], "reversing"), (2, ["request.backdated"], "eligible")]
)
def test_where_the_earlier_word_alone_makes_it_timely_two_people_decide(
    cast: Cast, keyed_late: int, review: list[str], state: str
) -> None:
    """Keyed within the days a clean return goes by itself; keyed after them, somebody's word moved money, and another one looks."""
    loan = factory.loan(service={"state": "none"})
    now = LAST + timedelta(hours=keyed_late)
    case = actions.request_return(
        actor=cast.handler.actor, now=now, loan=loan, received_at=LAST - timedelta(minutes=5), channel="phone",
        evidence="录音 1", confirmed_by="recording", backdated="system_down",
    )  # fmt: skip

    case = handlers.advance(case, now=now)

    assert case.state == state
    assert [one["code"] for one in case.screenings.get().review] == review


def test_staff_without_proof_take_nothing_in(cast: Cast) -> None:
    loan = factory.loan()
    with pytest.raises(Refused) as no:
        actions.request_return(actor=cast.handler.actor, now=ASKED, loan=loan, channel="phone")
    assert [b.code for b in no.value.blockers] == ["evidence.missing", "confirmed_by.missing"]


def test_the_loan_page_says_why_a_second_return_is_not_taken(cast: Cast) -> None:
    case, client = factory.requested(), as_staff(cast.handler)
    with pinned(ASKED):
        page = client.get(f"/staff/loans/{case.loan.number}/")
        assert [b.code for b in page.context["blockers"]] == ["return.open"]
        refused = client.post(f"/staff/loans/{case.loan.number}/return/", given())
        assert refused.status_code == 400 and not Refund.objects.exclude(pk=case.pk).exists()
    assert [one.number for one in page.context["cases"]] == [case.number]
    assert page.context["stopped"]
