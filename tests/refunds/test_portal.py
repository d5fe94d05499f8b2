"""The borrower's pages: a proven phone and name, every cent before asking, three taps, progress, contest and certificate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.complaints.models import Complaint
from jike.base.dates import pinned
from jike.base.ids import uuid7
from jike.privacy import open_sealed
from lending.orders.fake import FakeLending
from refunds import actions, handlers
from refunds.models import Refund
from refunds.portal.pages import return_page
from tests.complaints.portal_walk import code_just_sent, enter
from tests.factories import returns as factory
from tests.factories.returns import ASKED, LAST
from tests.people import Cast

BORROWER = {"name": "张小明", "phone": "138 0013 8000"}


def let_in(client: Client, *, at: Any = ASKED, **who: str) -> Any:
    with pinned(at):
        client.post("/return/", {**BORROWER, **who})
        return client.post("/return/code/", {"code": code_just_sent()}, follow=True)


def test_three_taps_from_the_list_to_the_request_with_every_cent_before(cast: Cast) -> None:
    loan, client = factory.loan(), Client()
    listed = let_in(client)
    assert listed.status_code == 200
    (offer,) = listed.context["offers"]
    assert (offer.last_moment, offer.days, offer.hours) == (LAST, 3, 14)

    with pinned(ASKED):
        shown = client.get(f"/return/loans/{loan.number}/")
        made, page = shown.context["made"], shown.content.decode()
        assert (str(made.total), str(made.consumer_cost)) == ("300.00", "0.00")
        assert all(text in page for text in ("300.00", "12000.00", "0.00"))
        key = shown.context["form"]["key"].value()
        asked = client.post(f"/return/loans/{loan.number}/", {"says": "none", "key": key})
        again = client.post(f"/return/loans/{loan.number}/", {"says": "none", "key": key})

    case = Refund.objects.get()
    assert asked.url == again.url == f"/track/{case.number}/"
    assert (case.state, case.source_channel, case.received_at) == ("requested", "portal", ASKED)
    with pinned(ASKED):
        assert client.get(asked.url).status_code == 200


@pytest.mark.rule("R45")
def test_a_second_late_the_page_says_so_and_asking_is_still_possible(cast: Cast) -> None:
    loan, client = factory.loan(), Client()
    (offer,) = let_in(client, at=LAST).context["offers"]
    assert (offer.is_open, offer.left) == (True, timedelta(seconds=1))

    with pinned(LAST + timedelta(seconds=1)):
        (offer,) = client.get("/return/loans/").context["offers"]
        assert (offer.is_open, offer.left) == (False, timedelta(0))
        client.post(f"/return/loans/{loan.number}/", {"says": "none", "key": "k"})
    assert Refund.objects.get().state == "requested"


@pytest.mark.parametrize("who", [{"name": "王五"}, {"phone": "13900139000"}])
def test_another_name_or_number_sees_nothing(cast: Cast, who: dict[str, str]) -> None:
    loan, client = factory.loan(), Client()

    answer = let_in(client, **who)

    assert answer.status_code == 400 and loan.number not in answer.content.decode()
    with pinned(ASKED):
        assert client.get("/return/loans/").status_code == 302
        assert client.get(f"/return/loans/{loan.number}/").url == "/return/"


def test_nobody_sees_or_returns_the_loan_of_another(cast: Cast) -> None:
    own, client = factory.loan(), Client()
    other = factory.loan(external_id="JK-2", contract_no="HT-2", person={"name": "李四", "phone": "13700137000"})
    let_in(client)

    with pinned(ASKED):
        assert [offer.loan for offer in client.get("/return/loans/").context["offers"]] == [own]
        assert client.get(f"/return/loans/{other.number}/").status_code == 404
        assert client.post(f"/return/loans/{other.number}/", {"says": "none", "key": "k"}).status_code == 404
    assert not Refund.objects.exists()


def test_half_an_hour_without_a_click_closes_the_list(cast: Cast) -> None:
    factory.loan()
    client = Client()
    let_in(client)

    with pinned(ASKED + timedelta(minutes=31)):
        assert client.get("/return/loans/").url == "/return/"


def test_the_page_of_a_return_shows_legs_zero_cost_and_the_certificate(cast: Cast, core: FakeLending) -> None:
    case = factory.requested()
    client, at = Client(), factory.work(ASKED, rounds=40)
    enter(client, case, at=at)
    with pinned(at):
        shown = client.get(f"/track/{case.number}/")
    assert next((step.what, step.state) for step in shown.context["steps"])[1] == "done"
    assert str(shown.context["cost"]) == "0.00" and shown.context["certificate"] is None
    with pinned(at):
        assert client.get(f"/track/{case.number}/certificate/").status_code == 404

    case = actions.claim_return(case, actor=cast.handler.actor, now=at)
    leg = next(leg for leg in case.known_legs if leg.by_hand)
    actions.confirm_leg(case, actor=cast.handler.actor, now=at, leg=leg, evidence="对账单")
    later = factory.work(at, rounds=40)
    with pinned(later):
        enter(client, case, at=later)
        page = client.get(f"/track/{case.number}/")
        paper = client.get(f"/track/{case.number}/certificate/")

    assert page.context["certificate"] is not None
    assert paper.status_code == 200 and b"".join(paper)[:5] == b"%PDF-"


@pytest.mark.rule("R44")
def test_a_refusal_is_contested_with_one_tap_and_opens_the_complaint(cast: Cast, core: FakeLending) -> None:
    case = factory.requested(now=LAST + timedelta(seconds=1))
    at = factory.work(LAST + timedelta(seconds=1), rounds=20)
    client = Client()
    enter(client, case, at=at)
    with pinned(at):
        shown = client.get(f"/track/{case.number}/")
        assert shown.context["may_contest"] and "1" in shown.context["refusal"]
        key = client.get(f"/track/{case.number}/contest/").context["form"]["key"].value()
        for _tap in range(2):
            client.post(f"/track/{case.number}/contest/", {"words": "合同说可以退。", "key": key})

    complaint = Complaint.objects.get()
    assert open_sealed(complaint, "narrative") == "合同说可以退。"
    assert (complaint.loan_id, complaint.consumer_id) == (case.loan_id, case.consumer_id)
    with pinned(at):
        page = client.get(f"/track/{case.number}/")
        assert not page.context["may_contest"]
        assert client.get(f"/track/{complaint.number}/").status_code == 200
    factory.work(at, rounds=20)
    assert [one["kind"] for one in core.book.values()].count("suppress") == 2


def test_after_the_stop_was_lifted_the_page_does_not_say_that_collection_stands_still(cast: Cast) -> None:
    case = factory.a_return(cast, at="goodwill")
    assert [leg.kind for leg in case.known_legs] == ["suppress", "release"]
    assert not return_page(case, factory.consumer_of(case), now=LAST)["stopped"]

    case = handlers.advance(case, now=LAST + timedelta(hours=5))

    assert return_page(factory.fresh(case), factory.consumer_of(case), now=LAST)["stopped"]


def test_a_stranger_finds_no_return(cast: Cast) -> None:
    case, other = factory.requested(), Client()
    mine = factory.requested(
        factory.loan(external_id="JK-9", contract_no="HT-9", person={"name": "李四", "phone": "13700137000"})
    )
    enter(other, mine, at=ASKED, phone="13700137000")
    with pinned(ASKED):
        for path in ("", "contest/", "certificate/"):
            assert other.get(f"/track/{case.number}/{path}").status_code == 404
        assert other.get(f"/track/TD20261120-{uuid7().int % 90000}/").status_code == 404
