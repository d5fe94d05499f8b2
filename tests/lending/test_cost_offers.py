"""The cost form before its borrower: made by the API, opened by link and code, in sight long enough, confirmed once, kept as shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.outbox import jobs
from lending.cost import offers
from lending.models import CostOffer, Disclosure, DisclosurePaper
from tests.accounts.signing_in import sign_in
from tests.api.conftest import make_program
from tests.complaints.portal_walk import code_just_sent
from tests.lending import documents
from tests.lending.documents import NOW
from tests.people import Cast
from tests.people import cast as make_cast

SECOND = timedelta(seconds=1)
ZHANG = {"name": "张小明", "phone": "13800138000"}


def level(principal: int, months: int, payment: int) -> dict[str, Any]:
    """The check values of the domain: equal payments, all cost being interest."""
    parts = [principal // months] * (months - 1)
    parts.append(principal - sum(parts))
    interest = [payment - part for part in parts]
    return {"principal": parts, "charges": [{"kind": "interest", "collector": "funder", "monthly": interest}]}


def asked(**changes: Any) -> dict[str, Any]:
    penalty = {"kind": "penalty", "collector": "funder", "standard": "日利率0.03%"}
    content = {"application": "SQ-1", "person": ZHANG, **level(1_200_000, 12, 109_000), "contingent": [penalty]}
    return content | changes


@pytest.fixture
def cast(db: None) -> Cast:
    documents.starter()
    return make_cast()


@pytest.fixture
def link(cast: Cast) -> str:
    with pinned(NOW):
        answer = make_program("lending.offer_form", role="integration").post("/api/v1/disclosures/", asked())
    assert answer.status_code == 201, answer.content
    return answer.json()["link"].partition("127.0.0.1")[2].partition("/")[2]


def opened(client: Client, path: str, *, at: Any = NOW) -> Any:
    with pinned(at):
        client.post(f"/{path}code/")
        return client.post(f"/{path}enter/", {"code": code_just_sent()}, follow=True)


@pytest.mark.rule("R57")
def test_the_api_makes_a_form_with_the_check_values_and_refuses_one_above_the_cap_by_name(cast: Cast) -> None:
    program = make_program("lending.offer_form", role="integration")
    with pinned(NOW):
        made = program.post("/api/v1/disclosures/", asked(), once="k-1")
        again = program.post("/api/v1/disclosures/", asked(), once="k-1")
        dear = program.post("/api/v1/disclosures/", asked(application="SQ-2", **level(1_687_000, 24, 95_597)))
        read = program.get("/api/v1/disclosures/SQ-1/").json()

    assert again.json() == made.json()
    told = made.json()
    assert (told["annual_percent"], told["total_cents"], told["dwell_seconds"], told["state"]) == (
        "16.22",
        108_000,
        15,
        "waiting",
    )
    assert "link" not in read and read["state"] == "waiting"
    assert dear.status_code == 409
    assert [(b["code"], "31.46" in b["message"]) for b in dear.json()["blockers"]] == [("cost.over_cap", True)]
    assert CostOffer.objects.count() == 1


def test_what_is_malformed_is_named_field_by_field_and_nobody_else_may_offer(cast: Cast) -> None:
    program = make_program("lending.offer_form", role="integration")
    bad = asked(
        person={"name": "张小明", "phone": "12"},
        principal=[],
        charges=[{"kind": "gift", "collector": "funder"}],
        extra=1,
    )
    answer = program.post("/api/v1/disclosures/", bad)
    assert answer.status_code == 400
    named = {blocker.get("field") for blocker in answer.json()["blockers"]}
    assert {"person.phone", "principal", "charges.0.kind", "extra"} <= named
    assert make_program("cases.read", role="integration").post("/api/v1/disclosures/", asked()).status_code == 403
    with pytest.raises(Refused):
        offers.offer_form(asked(), actor=machine_actor("returns"), now=NOW)


@pytest.mark.rule("R57")
def test_link_and_code_open_the_form_and_the_server_counts_the_reading_time(cast: Cast, link: str) -> None:
    client = Client()
    with pinned(NOW):
        door = client.get(f"/{link}").content.decode()
    assert "16.22" not in door and "张" not in door and "138****8000" in door

    page = opened(client, link)
    text = page.content.decode()
    assert all(value in text for value in ("16.22%", "1080.00", "12000.00", "1090.00", "日利率0.03%", "月利率×12"))
    assert page.context["left"] == 15
    with pinned(NOW + 14 * SECOND):
        early = client.post(f"/{link}confirm/")
        assert (early.status_code, [b.code for b in early.context["refused"]]) == (409, ["form.too_fast"])
        assert client.get(f"/{link}", headers={"HX-Request": "true"}).context["left"] == 1
    assert not Disclosure.objects.exists()
    with pinned(NOW + 15 * SECOND):
        assert client.post(f"/{link}confirm/").status_code == client.post(f"/{link}confirm/").status_code == 302
        shown = client.get(f"/{link}").content.decode()

    row = Disclosure.objects.get()
    assert (row.shown_at, row.confirmed_at, row.dwell_seconds, row.required_seconds) == (NOW, NOW + 15 * SECOND, 15, 15)
    assert row.content_sha256 in shown


def test_seen_again_the_reading_time_begins_anew_and_another_browser_sees_nothing(cast: Cast, link: str) -> None:
    client = Client()
    opened(client, link)
    later = NOW + timedelta(minutes=31)
    with pinned(later):
        assert "16.22" not in client.get(f"/{link}").content.decode(), "half an hour is over"
        assert "16.22" not in Client().get(f"/{link}").content.decode()
        assert Client().post(f"/{link}confirm/").status_code == 302
    page = opened(client, link, at=later)

    assert page.context["left"] == 15 and not Disclosure.objects.exists()


def test_a_changed_offer_takes_the_place_of_the_first_and_an_old_link_is_over(cast: Cast, link: str) -> None:
    program, client = make_program("lending.offer_form", role="integration"), Client()
    opened(client, link)
    with pinned(NOW + SECOND):
        newer = program.post("/api/v1/disclosures/", asked(**level(1_200_000, 12, 108_500))).json()
        stranger = program.post("/api/v1/disclosures/", asked(person={"name": "王五", "phone": "13900139000"}))
    assert (stranger.status_code, stranger.json()["blockers"][0]["code"]) == (409, "application.taken")
    with pinned(NOW + 20 * SECOND):
        late = client.post(f"/{link}confirm/")
    assert [b.code for b in late.context["refused"]] == ["form.replaced"]

    path = newer["link"].partition("127.0.0.1")[2].partition("/")[2]
    after = NOW + timedelta(days=7, seconds=2)
    with pinned(after):
        assert [b.code for b in Client().get(f"/{path}").context["gone"]] == ["form.expired"]
        assert program.get("/api/v1/disclosures/SQ-1/").json()["state"] == "expired"
    assert not Disclosure.objects.exists()


@pytest.mark.rule("R57")
def test_staff_see_the_form_as_it_was_shown_with_its_paper_and_whether_the_loan_costs_the_same(
    cast: Cast, link: str
) -> None:
    client, desk = Client(), Client()
    opened(client, link)
    with pinned(NOW + 16 * SECOND):
        client.post(f"/{link}confirm/")
        jobs.run_due()
        paper = client.get(f"/{link}paper/")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert DisclosurePaper.objects.count() == 1
    loan = documents.told(contract_no="SQ-1").loan
    sign_in(desk, cast.handler.user)
    with pinned(NOW + timedelta(minutes=1)):
        page = desk.get(f"/staff/loans/{loan.number}/cost/1/")
        assert (page.status_code, page.context["percent"], page.context["differs"]) == (200, "16.22", True)
        assert desk.get(f"/staff/loans/{loan.number}/cost/1/paper/").content[:5] == b"%PDF-"
        assert desk.get(f"/staff/loans/{loan.number}/cost/2/").status_code == 404
        assert "cost/1/" in desk.get(f"/staff/loans/{loan.number}/").content.decode()


def test_the_database_lets_an_offer_go_forward_only(cast: Cast, link: str) -> None:
    offer = CostOffer.objects.get()
    with pytest.raises(Refused) as no:
        offers.confirm_form(offer, actor=consumer_actor(offer.person_id), now=NOW + timedelta(minutes=1))
    assert [b.code for b in no.value.blockers] == ["form.unseen"]
    with pytest.raises(Refused) as no:
        offers.show_form(offer, actor=machine_actor("importer"), now=NOW)
    assert [b.code for b in no.value.blockers] == ["actor.not_own"]
    for statement in (
        "UPDATE lending_costoffer SET plan = '{}'",
        "UPDATE lending_costoffer SET expires_at = expires_at + interval '1 day'",
        "DELETE FROM lending_costoffer",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
