"""The pages on which both sides talk: the merchant behind link and code, the consumer behind the visit to the complaint."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cases.litigation.models import Litigation
from cases.mediation import actions, links
from cases.mediation.models import Mediation, Round
from cases.models import Case, Message
from jike.accounts import codes
from jike.accounts.models import PhoneChallenge
from jike.base.dates import pinned
from jike.privacy import open_sealed
from tests.complaints.portal_walk import enter
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway, do_own_jobs
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
OFFER = {
    "refund": "1500", "refund_on": "2026-10-20", "instalments": "2", "apology_on": "2026-10-20", "stands": "7",
    "words": "分两期退款。", "key": "k1",
}  # fmt: skip
PRIVATE = ("13800138000", "王小明", "停业")  # telephone, name and own words of the consumer


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with pinned(NOW):
        yield


def address_of(case: Mediation) -> str:
    return f"/m/{links.token_of(case.merchant_links.get(revoked_at=None))}/"


def newest_code() -> str:
    return codes.code_of(PhoneChallenge.objects.latest("created_at").pk)


def merchant_in(case: Mediation) -> tuple[Client, str]:
    """A browser that has answered the code of the link."""
    client, home = Client(), address_of(case)
    client.post(f"{home}code/")
    entered = client.post(f"{home}enter/", {"code": newest_code()})
    assert (entered.status_code, entered["Location"]) == (302, home)
    return client, home


def consumer_in(case: Mediation, *, at: datetime = NOW) -> tuple[Client, str]:
    client = Client()
    enter(client, case.origin, at=at)
    return client, f"/track/{case.number}/"


def click(client: Client, where: str, act: str, **typed: Any) -> Any:
    return client.post(where, {"act": act, "key": secrets.token_hex(8), **typed})


def test_the_link_shows_nothing_before_the_code_and_reading_it_changes_nothing(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    before = Mediation.objects.values().get(pk=case.pk)
    client = Client()

    page = client.get(address_of(case))

    body = page.content.decode()
    assert page.status_code == 200 and "199****0101" in body
    assert case.number not in body and "停课" not in body and not any(word in body for word in PRIVATE)
    for path in ("act/", "offer/", "agreement/", "agreement/pdf/"):
        answer = client.post(f"{address_of(case)}{path}") if path == "act/" else client.get(f"{address_of(case)}{path}")
        assert answer.status_code == 302 and answer["Location"] == address_of(case)
    assert Mediation.objects.values().get(pk=case.pk) == before


def test_a_wrong_code_opens_nothing_and_a_foreign_browser_neither(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    client, home = Client(), address_of(case)
    client.post(f"{home}code/")
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"

    assert client.post(f"{home}enter/", {"code": wrong}).status_code == 400
    assert Client().post(f"{home}enter/", {"code": newest_code()}).status_code == 400
    assert case.number not in client.get(home).content.decode()


def test_a_dead_link_says_so_and_is_sent_anew_only_to_its_own_phone(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    home, link = address_of(case), case.merchant_links.get()
    with pinned(link.expires_at + timedelta(seconds=1)):
        client = Client()
        gone = client.get(home)
        assert gone.status_code == 404 and f"{home}renew/" in gone.content.decode()
        assert client.get("/m/0123456789abcdef0123456789abcdef/").status_code == 404
        asked = client.post(f"{home}renew/", follow=True)
        assert "新链接" in asked.content.decode()
    new = case.merchant_links.get(revoked_at=None)
    assert new.pk != link.pk and new.phone_mask == link.phone_mask
    with pinned(link.expires_at + timedelta(minutes=1)):
        client.post(f"{home}renew/")
    assert case.merchant_links.count() == 2


def test_the_merchant_reads_the_matter_answers_facts_and_takes_part(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    client, home = merchant_in(case)

    page = client.get(home).content.decode()
    assert "停课" in page and "课程自2026年9月1日起停课。" in page and "王**" in page
    assert not any(word in page for word in PRIVATE) and case.origin.number not in page
    done = click(client, f"{home}act/", "take_part", **{"fact-1": "yes", "fact-2": "no", "words-2": "没有首期款"})

    case = Mediation.objects.get(pk=case.pk)
    assert done.status_code == 302 and case.state == "negotiating"
    assert [fact.answer for fact in case.known_facts] == ["yes", "no"]
    consumer, own = consumer_in(case)
    assert "没有首期款" in consumer.get(own).content.decode()


def test_a_refusal_names_its_reason_and_ends_it(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    client, home = merchant_in(case)

    without = click(client, f"{home}act/", "refuse")
    assert without.status_code == 409 and Mediation.objects.get(pk=case.pk).state == "invited"
    done = click(client, f"{home}act/", "refuse", reason="court", text="我们等法院判。", **{"fact-1": "no"})
    assert done.status_code == 302 and Mediation.objects.get(pk=case.pk).state == "refused"
    assert case.events.get(verb="mediation.refuse").data["reason"] == "court"
    assert open_sealed(Message.objects.get(case=case, is_incoming=True), "body") == "我们等法院判。"
    assert [fact.answer for fact in Mediation.objects.get(pk=case.pk).known_facts] == ["no", ""]


def test_two_offers_and_a_counter_offer_lead_to_a_signed_agreement(cast: Cast, gateway: Gateway) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, shop = merchant_in(case)
    consumer, _own = consumer_in(case)

    seen = merchant.post(f"{shop}offer/", OFFER)
    assert seen.status_code == 200 and "750.00" in seen.content.decode() and not case.offers.exists()
    assert merchant.post(f"{shop}offer/", OFFER | {"send": "1"}).status_code == 302
    assert merchant.post(f"{shop}offer/", OFFER | {"send": "1", "key": "k2"}).status_code == 409

    counter = consumer.get(f"/track/{case.number}/offer/").content.decode()
    assert 'value="1500.00"' in counter and 'value="2026-10-20"' in counter
    mine = OFFER | {"refund": "2000", "instalments": "1", "key": "k3", "send": "1"}
    assert consumer.post(f"/track/{case.number}/offer/", mine).status_code == 302
    compared = merchant.get(shop).content.decode()
    assert "2,000.00" in compared and "500.00" in compared and not any(word in compared for word in PRIVATE)

    offer = str(Mediation.objects.get(pk=case.pk).standing_offer.pk)
    stale = str(case.offers.earliest("seq").pk)
    assert click(merchant, f"{shop}act/", "accept", offer=stale).status_code == 409
    assert click(merchant, f"{shop}act/", "accept", offer=offer).status_code == 302

    case = actions.draft_agreement(
        Mediation.objects.get(pk=case.pk), actor=cast.handler.actor, now=NOW, **factory.TEXTS
    )
    for number, (client, where) in enumerate(
        ((merchant, f"{shop}agreement/"), (consumer, f"/track/{case.number}/agreement/"))
    ):
        with pinned(NOW + timedelta(minutes=3 + number)):
            assert client.post(where, {"send": "1"}).status_code == 302
            hashed = re.search(r'name="sha256" value="([0-9a-f]{64})"', client.get(where).content.decode())
            other = client.post(where, {"code": newest_code(), "sha256": "00" * 32})
            assert other.status_code == 400  # another text than the one read
            assert client.post(where, {"send": "1"}).status_code == 400  # within the minute: said, not broken
            case = Mediation.objects.get(pk=case.pk)
            assert len(case.signed_by) == number and hashed
        with pinned(NOW + timedelta(minutes=20 + number)):
            client.post(where, {"send": "1"})
            signed = client.post(where, {"code": newest_code(), "sha256": hashed[1]})
            assert signed.status_code == 302, signed.content.decode()
    assert Mediation.objects.get(pk=case.pk).state == "agreed"

    with pinned(NOW + timedelta(minutes=30)):
        do_own_jobs()
        paper = merchant.get(f"{shop}agreement/pdf/")
        assert (
            paper["Content-Type"] == "application/pdf"
            and paper.content == consumer.get(f"/track/{case.number}/agreement/pdf/").content
        )


def test_what_a_side_asks_the_mediator_is_read_by_staff_alone(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, shop = merchant_in(case)
    consumer, own = consumer_in(case)

    assert click(merchant, f"{shop}act/", "ask_mediator", text="我们最多能退一千").status_code == 302
    assert click(consumer, f"/track/{case.number}/talks/", "ask_mediator", text="我最少要八百").status_code == 302

    assert "我们最多能退一千" not in consumer.get(own).content.decode()
    assert "我最少要八百" not in merchant.get(shop).content.decode()
    assert set(Message.objects.filter(case=case, is_incoming=True).values_list("audience", flat=True)) == {
        "merchant",
        "consumer",
    }


def test_promises_are_reported_and_received_on_the_pages(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")
    with pinned(NOW):
        case = actions.issue_link(case, actor=cast.handler.actor, now=NOW)
    merchant, shop = merchant_in(case)
    consumer, _own = consumer_in(case)
    first = str(factory.first_term(case).pk)

    assert click(merchant, f"{shop}act/", "report", term=first, text="已退款，流水号1234").status_code == 302
    assert "流水号1234" in consumer.get(f"/track/{case.number}/").content.decode()
    assert click(consumer, f"/track/{case.number}/talks/", "confirm", term=first).status_code == 302
    assert click(consumer, f"/track/{case.number}/talks/", "confirm", term="nonsense").status_code == 409
    assert factory.first_term(case).confirmed_at is not None


def test_the_visit_to_a_complaint_opens_its_mediation_and_no_other(cast: Cast) -> None:
    case = factory.mediation(cast, at="proposed")
    other = factory.complaint(cast, phone="13900139000")
    theirs = factory.mediation(cast, at="proposed", origin=other)
    client, own = consumer_in(case)

    assert own in client.get(f"/track/{case.origin.number}/").content.decode()
    page = client.get(own)
    assert page.status_code == 200 and f"/track/{case.origin.number}/" in page.content.decode()
    assert client.get(f"/track/{theirs.number}/").status_code == 404
    assert Client().get(own)["Location"].startswith("/track/")
    assert click(client, f"/track/{case.number}/talks/", "consent").status_code == 302
    assert Mediation.objects.get(pk=case.pk).state == "consented"


def test_what_the_merchant_is_told_names_nobody(cast: Cast) -> None:
    case = factory.mediation(cast, at="consented")
    for wrong in ("王小明称停课", "电话13800138000", "证件11010519491231002X"):
        found = actions_blockers(case, cast, allegation=wrong)
        assert "allegation.personal" in found, wrong
    assert actions_blockers(case, cast, facts=["请致电13800138000"]) == ["facts.personal"]
    assert actions_blockers(case, cast) == []


def actions_blockers(case: Mediation, cast: Cast, **changed: Any) -> list[str]:
    from jike.verbs import verb_named

    found = verb_named("mediation.invite").blockers(case, cast.handler.actor, now=NOW, **(factory.TOLD | changed))
    return [blocker.code for blocker in found]


def test_sealed_limits_on_the_pages_show_only_what_came_of_them(cast: Cast, gateway: Gateway) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, shop = merchant_in(case)
    consumer, own = consumer_in(case)
    talks = f"/track/{case.number}/talks/"

    assert click(consumer, talks, "open_bids").status_code == 302
    row = str(Round.objects.get().pk)
    assert click(consumer, talks, "bid", round=row, limit="一千").status_code == 409
    assert click(consumer, talks, "bid", round=row, limit="888.88").status_code == 302
    page = merchant.get(shop).content.decode()
    assert "密封报价" in page and "888.88" not in page and "888.88" not in consumer.get(own).content.decode()
    assert click(merchant, f"{shop}act/", "bid", round=row, limit="1000").status_code == 302
    page = merchant.get(shop).content.decode()
    assert "944.44" in page and "888.88" not in page


def test_the_consumer_takes_a_broken_agreement_to_court_by_one_click_and_the_merchant_cannot(cast: Cast) -> None:
    case = factory.mediation(cast, at="breached")
    moment = case.last_event_at + timedelta(minutes=5)
    with pinned(moment):
        client, home = consumer_in(case, at=moment)
        shown = client.get(home).content.decode()
        assert 'value="open_litigation"' in shown

        answer = click(client, f"{home}talks/", "open_litigation", key="one")
        click(client, f"{home}talks/", "open_litigation", key="one")

    assert answer.status_code == 302
    litigation = Litigation.objects.get()
    assert (litigation.state, litigation.consumer_id) == ("requested", case.consumer_id)
    assert Case.objects.filter(kind="litigation").count() == 1


def test_nobody_is_offered_a_court_while_the_promises_are_kept(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")
    moment = case.last_event_at + timedelta(minutes=5)
    with pinned(moment):
        client, home = consumer_in(case, at=moment)
        assert 'value="open_litigation"' not in client.get(home).content.decode()
        assert click(client, f"{home}talks/", "open_litigation").status_code == 409
    assert not Litigation.objects.exists()
