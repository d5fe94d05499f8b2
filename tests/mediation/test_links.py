"""The merchant's link: what opens one case to its merchant, and nothing else ever."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.db import connection

from cases.mediation import actions, links, proof
from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.queries import ledger_for, link_by_token, mediation_of_link, seen_by_merchant
from cases.queries import NotVisible
from jike.accounts import codes
from jike.accounts.roles import merchant_actor
from jike.base.actors import Actor
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.outbox.models import Job
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway, do_own_jobs
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
BROWSER = {"session_key": "m.one"}


def invited(cast: Cast) -> Mediation:
    """Invited, the link not confirmed."""
    case = factory.mediation(cast, at="consented")
    return actions.invite_merchant(case, actor=cast.handler.actor, now=NOW, **factory.TOLD)


def confirmed(token: str) -> Actor:
    challenge = proof.ask_for_link_code(token, address="203.0.113.7", now=NOW, **BROWSER)
    return proof.open_link(token, challenge, codes.code_of(challenge), now=NOW, **BROWSER)


def test_the_token_has_128_bits_and_stands_nowhere(cast: Cast) -> None:
    case = invited(cast)
    link = case.merchant_links.get()
    token = links.token_of(link)

    assert len(bytes.fromhex(token)) == 16 and bytes(link.token_index) != bytes.fromhex(token)
    job = Job.objects.get(topic="mediation.send_link")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM mediation_merchantlink l")
        stored = cursor.fetchone()[0] + str(job.body) + str(case.events.latest("seq").data)
    assert token not in stored and factory.MERCHANT_PHONE not in stored


def test_reading_a_link_changes_nothing_and_opens_nothing(cast: Cast) -> None:
    case = invited(cast)
    link = case.merchant_links.get()
    before, events = MerchantLink.objects.values().get(), case.events.count()

    for _look in range(3):
        assert link_by_token(links.token_of(link), now=NOW).pk == link.pk

    assert MerchantLink.objects.values().get() == before and case.events.count() == events
    with pytest.raises(NotVisible):
        mediation_of_link(merchant_actor(link.pk), now=NOW)
    with pytest.raises(Refused) as refused:
        actions.take_part(case, actor=merchant_actor(link.pk), now=NOW)
    assert refused.value.http_status == 403


def test_a_code_to_its_phone_opens_exactly_this_case_until_it_ends(cast: Cast) -> None:
    case = invited(cast)
    other = factory.mediation(cast, at="invited", origin=factory.complaint(cast, phone="13900139000"))
    link = case.merchant_links.get()
    actor = confirmed(links.token_of(link))

    assert mediation_of_link(actor, now=NOW).pk == case.pk
    assert actions.take_part(case, actor=actor, now=NOW).state == "negotiating"
    with pytest.raises(Refused) as refused:
        actions.take_part(other, actor=actor, now=NOW)
    assert [b.code for b in refused.value.blockers] == ["actor.no_link"]
    with pytest.raises(NotVisible):
        ledger_for(actor, other, now=NOW)
    after = link.expires_at + timedelta(seconds=1)
    with pytest.raises(NotVisible):
        mediation_of_link(actor, now=after)
    with pytest.raises(NotVisible):
        link_by_token(links.token_of(link), now=after)


@pytest.mark.parametrize("wrong", ["code", "browser", "purpose", "phone"])
def test_a_link_is_not_confirmed_by_anything_else(wrong: str, cast: Cast) -> None:
    case = invited(cast)
    token = links.token_of(case.merchant_links.get())
    purpose = proof.SIGN if wrong == "purpose" else proof.OPEN_LINK
    phone = "13900139000" if wrong == "phone" else factory.MERCHANT_PHONE
    challenge = codes.send(phone, purpose=purpose, address="203.0.113.7", now=NOW, **BROWSER)
    code = codes.code_of(challenge)
    code = f"{(int(code) + 1) % 1_000_000:06}" if wrong == "code" else code
    session = "m.two" if wrong == "browser" else "m.one"

    with pytest.raises(Refused):
        proof.open_link(token, challenge, code, session_key=session, now=NOW)

    assert MerchantLink.objects.get().confirmed_at is None


def test_a_new_or_revoked_link_ends_the_one_before_at_once(cast: Cast) -> None:
    case = invited(cast)
    old = case.merchant_links.get()
    actor = confirmed(links.token_of(old))
    case = actions.issue_link(case, actor=cast.handler.actor, now=NOW, phone="13700137000")
    new = case.merchant_links.get(revoked_at=None)

    for token in (links.token_of(old), secrets.token_hex(16), "", "…"):
        with pytest.raises(NotVisible):
            link_by_token(token, now=NOW)
    with pytest.raises(NotVisible):
        mediation_of_link(actor, now=NOW)
    assert link_by_token(links.token_of(new), now=NOW).phone_mask == "137****7000"
    actions.revoke_link(case, actor=cast.handler.actor, now=NOW)
    with pytest.raises(NotVisible):
        link_by_token(links.token_of(new), now=NOW)


def test_the_merchant_sees_a_mask_and_offers_and_nothing_of_the_complaint(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    actor = factory.merchant_of(case)
    case = Mediation.objects.get(pk=case.pk)

    seen = seen_by_merchant(actor, case, now=NOW)

    assert (seen.consumer, seen.ledger.turn, len(seen.ledger.offers)) == ("王**", "consumer", 1)
    assert "王小明" not in repr(seen) and "13800138000" not in repr(seen) and "停业" not in repr(seen)
    with pytest.raises(NotVisible):
        seen_by_merchant(factory.consumer_of(case), case, now=NOW)


def test_the_text_message_carries_the_link_and_the_sending_is_on_record(cast: Cast, gateway: Gateway) -> None:
    case = invited(cast)
    link = case.merchant_links.get()

    with pinned(NOW):
        do_own_jobs()

    (body,) = [body for address, body in gateway.sent if address == factory.MERCHANT_PHONE]
    assert f"/m/{links.token_of(link)}/" in body and "2026年10月1日22时00分前答复" in body and case.number in body
    assert MerchantLink.objects.get().sent_at == NOW
    assert case.events.filter(verb="mediation.record_link_sent").count() == 1


def test_news_reaches_the_merchant_for_what_the_others_did_and_never_for_the_own_deeds(
    cast: Cast, gateway: Gateway
) -> None:
    case = factory.mediation(cast, at="offered")
    token = links.token_of(case.merchant_links.get(revoked_at=None))

    def told() -> list[str]:
        gateway.sent.clear()
        with pinned(NOW):
            do_own_jobs()
        return [body for address, body in gateway.sent if address == factory.MERCHANT_PHONE and "新进展" in body]

    merchant, stands = factory.merchant_of(case), NOW + timedelta(days=2)
    case = actions.open_round(case, actor=merchant, now=NOW, kind="bids", pay_days=5, expires_at=stands)
    assert told() == []
    offer, consumer = case.offers.get(), factory.consumer_of(case)
    case = actions.answer_offer(case, actor=consumer, now=NOW, offer=offer, answer="accepted")
    (body,) = told()
    assert case.number in body and token in body and "王" not in body and "元" not in body
    actions.draft_agreement(case, actor=cast.handler.actor, now=NOW, **factory.TEXTS)
    assert len(told()) == 1 and told() == []
