"""Offers are without prejudice and in no bundle, unless both sides released exactly that offer."""

from __future__ import annotations

import io
import json
import threading
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from pdfminer.high_level import extract_text

from cases.bundles import plan
from cases.bundles.models import Bundle
from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.mediation import actions
from cases.mediation.models import Mediation, Offer, OfferRelease
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.outbox import jobs
from lending.models import Merchant
from tests.accounts.signing_in import sign_in
from tests.bundles.conftest import Desk, desk_of
from tests.evidence.conftest import LATER
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway
from tests.mediation.test_talks import click, consumer_in, merchant_in
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


def fresh(case: Mediation) -> Mediation:
    return Mediation.objects.get(pk=case.pk)


def side_of(case: Mediation, side: str) -> Any:
    return factory.consumer_of(case) if side == "consumer" else factory.merchant_of(case)


def released(case: Mediation, side: str, *seqs: int) -> Mediation:
    offers = [offer for offer in fresh(case).known_offers if offer.seq in seqs]
    return actions.release_offers(fresh(case), actor=side_of(case, side), now=NOW, offers=offers)


def taken_back(case: Mediation, side: str, *seqs: int, **given: Any) -> Mediation:
    offers = [offer for offer in fresh(case).known_offers if offer.seq in seqs]
    return actions.take_back_offers(fresh(case), actor=side_of(case, side), now=NOW, offers=offers, **given)


def codes(action: Any, *args: Any, **given: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        action(*args, **given)
    return [b.code for b in refused.value.blockers]


def desk_with_talks(cast: Cast) -> tuple[Desk, Mediation]:
    """A register that could be bound, and a mediation of it with two answered offers."""
    desk = desk_of(cast)
    Complaint.objects.filter(pk=desk.case.pk).update(merchant=Merchant.objects.order_by("uscc").first())
    case = factory.mediation(cast, at="offered", origin=Complaint.objects.get(pk=desk.case.pk))
    offer, stands = case.offers.get(), NOW + timedelta(days=2)
    given = {"now": NOW, "actor": factory.consumer_of(case), "offer": offer, "answer": "rejected"}
    case = actions.answer_offer(case, **given)
    other = {"terms": factory.TERMS[2:], "refund_cny": 0, "words": "只要道歉。", "expires_at": stands}
    case = actions.make_offer(case, actor=factory.consumer_of(case), now=NOW, **other)
    last = {"offer": case.standing_offer, "answer": "rejected"}
    return desk, actions.answer_offer(case, actor=factory.merchant_of(case), now=NOW, **last)


def text_of(desk: Desk, bundle: Bundle) -> str:
    read = unicodedata.normalize("NFKC", extract_text(io.BytesIO(desk.document(bundle))))
    spaced = read.replace(" ", "")  # headings are set with space between the characters
    return json.dumps(plan.read(bundle), ensure_ascii=False) + read + spaced


@pytest.mark.rule("R48")
def test_r48_only_what_both_released_goes_in_marked_with_both_consents_and_their_times(cast: Cast) -> None:
    desk, case = desk_with_talks(cast)
    released(case, "merchant", 1, 2)
    told = text_of(desk, desk.build())
    assert "分两期退款" not in told and "只要道歉" not in told and case.number not in told

    released(case, "consumer", 1)
    bundle = desk.build()

    told = text_of(desk, bundle)
    assert "分两期退款" in told and "1,500.00" in told and "只要道歉" not in told
    assert "双方同意提供的协商方案" in told and "消费者" in told and "商户" in told
    assert told.count("2026-09-28 22:00:00") >= 2 and "第1号" in told
    assert bundle.beside == [case.known_offers[0].pk]
    assert not any("released" in plan.read(own) for own in Bundle.objects.filter(profile="consumer"))
    assert codes(taken_back, case, "consumer", 1) == ["release.bound"]


def test_a_consent_is_taken_back_until_a_bundle_has_it(cast: Cast) -> None:
    desk, case = desk_with_talks(cast)
    released(case, "merchant", 1)
    released(case, "consumer", 1)
    taken_back(case, "merchant", 1)

    bundle = desk.build()

    assert bundle.beside == [] and "分两期退款" not in text_of(desk, bundle)
    released(case, "merchant", 1)
    given = {"actor": cast.handler.actor, "now": NOW, "side": "consumer", "offers": [case.known_offers[0]]}
    assert codes(actions.take_back_offers, fresh(case), **given, evidence="") == ["evidence.missing"]
    actions.take_back_offers(fresh(case), **given, evidence="2026-09-30 来电")
    assert codes(desk.build) == ["bundle.same"]


def test_a_side_releases_for_itself_alone_and_only_what_was_answered(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    other = factory.mediation(cast, at="accepted", origin=factory.complaint(cast, phone="13900139000"))
    release, consumer = actions.release_offers, factory.consumer_of(case)

    assert codes(release, case, actor=consumer, now=NOW, offers=case.known_offers) == ["offer.none_left"]
    assert "actor.no_power" in codes(release, case, actor=cast.handler.actor, now=NOW, offers=[])
    case = actions.answer_offer(case, actor=consumer, now=NOW, offer=case.known_offers[0], answer="rejected")
    for offers in ([], other.known_offers, [*case.known_offers, *other.known_offers]):
        assert codes(release, case, actor=consumer, now=NOW, offers=offers) == ["offers.unknown"]
    case = release(case, actor=consumer, now=NOW, offers=case.known_offers)
    assert codes(release, case, actor=consumer, now=NOW, offers=case.known_offers) == ["offer.none_left"]
    assert codes(taken_back, case, "merchant", 1) == ["release.none"]
    event = case.events.latest("seq")
    assert event.data == {"side": "consumer", "offers": "1"} and OfferRelease.objects.get().side == "consumer"


def test_both_release_by_number_on_their_pages(cast: Cast, client: Client, gateway: Gateway) -> None:
    case = factory.mediation(cast, at="accepted")
    with pinned(NOW):
        merchant, shop = merchant_in(case)
        consumer, own = consumer_in(case)
        gateway.sent.clear()
        assert click(merchant, f"{shop}act/", "release").status_code == 409
        assert click(merchant, f"{shop}act/", "release", offers=["1"]).status_code == 302
        jobs.run_due()
        page = consumer.get(own).content.decode()
        assert "第1号方案" in page and "同意提供" in page and "商户同意把第1号方案列入证据材料" in page
        assert click(consumer, f"{own}talks/", "release", offers=["1"]).status_code == 302
        assert OfferRelease.objects.filter(taken_back_at=None).count() == 2
        assert click(consumer, f"{own}talks/", "take_back", offers=["1"]).status_code == 302
        assert OfferRelease.objects.get(taken_back_at=None).side == "merchant"
        sign_in(client, cast.handler.user)
        assert "同意列入证据卷的方案" in client.get(f"/staff/cases/{case.number}/talks/").content.decode()


def test_the_database_binds_no_offer_without_both_and_lets_none_go_back_afterwards(cast: Cast) -> None:
    desk, case = desk_with_talks(cast)
    released(case, "merchant", 1)
    offer = case.known_offers[0]
    row = {"case_id": desk.case.pk, "manifest": "{}", "items": 1, "asked_by_kind": "staff", "asked_at": NOW}

    def bundle(n: int, **given: Any) -> None:
        fields = row | {"profile": "court", "version": n, "manifest_sha256": bytes([n]), "code": f"C{n}"} | given
        with transaction.atomic():
            Bundle(id=uuid7(), **fields).save(force_insert=True)

    with pytest.raises(IntegrityError):
        bundle(1, beside=[offer.pk])
    released(case, "consumer", 1)
    stranger = factory.complaint(cast, phone="13900139000")
    with pytest.raises(IntegrityError):
        bundle(2, beside=[offer.pk], case_id=stranger.pk)
    bundle(3, beside=[offer.pk])
    for sql in (
        "UPDATE mediation_offerrelease SET taken_back_at = now()",
        "UPDATE mediation_offerrelease SET side = 'consumer'",
        "DELETE FROM mediation_offerrelease",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    waiting = factory.mediation(cast, at="offered", origin=stranger)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferRelease.objects.create(case=waiting, offer=Offer.objects.get(case=waiting), side="consumer", said_at=NOW)


def test_taking_back_and_binding_at_once_end_with_one_of_them(committed_cast: Cast) -> None:
    """A consent that is being taken back is waited for: the bundle made meanwhile goes without the offer."""
    desk, case = desk_with_talks(committed_cast)
    released(case, "merchant", 1)
    released(case, "consumer", 1)
    found: list[Any] = []

    def build() -> None:
        try:
            given = {"actor": committed_cast.handler.actor, "now": LATER, "profile": "court"}
            found.append(complaints.build_bundle(desk.case, **given))
        finally:
            connections.close_all()

    with transaction.atomic():
        taken_back(case, "consumer", 1)
        thread = threading.Thread(target=build)
        thread.start()
        with connection.cursor() as cursor:
            for _try in range(500):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
                cursor.execute("SELECT pg_sleep(0.02)")
            else:
                pytest.fail("the bundle did not wait for the consent")
    thread.join(30)

    assert found and Bundle.objects.get().beside == []
