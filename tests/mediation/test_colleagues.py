"""Several people on the merchant's side: each by a link of their own, and the merchant's open cases under one number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cases.mediation import actions, links
from cases.mediation.models import Mediation, MerchantLink, Signature
from jike.accounts.roles import merchant_actor
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.privacy import open_sealed
from lending.models import Merchant
from tests.accounts.signing_in import sign_in
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway, do_own_jobs
from tests.mediation.test_talks import PRIVATE, click, merchant_in, newest_code
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
PHONE, NAME = "13700137000", "陈静"
WHO = {"name": NAME, "phone": PHONE, "email": "chen@shop.example"}


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with pinned(NOW):
        yield


def codes(action: Any, *args: Any, **given: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        action(*args, **given)
    return [b.code for b in refused.value.blockers]


def fresh(case: Mediation) -> Mediation:
    return Mediation.objects.get(pk=case.pk)


def named(case: Mediation, **given: Any) -> MerchantLink:
    actions.delegate(fresh(case), actor=factory.merchant_of(case), now=NOW, **WHO | given)
    return case.merchant_links.get(number=max(case.merchant_links.values_list("number", flat=True)))


def opened_by(link: MerchantLink, *, at: Any = NOW) -> tuple[Client, str]:
    """A browser of whoever holds this link, past the code."""
    client, home = Client(), f"/m/{links.token_of(link)}/"
    with pinned(at):
        client.post(f"{home}code/")
        assert client.post(f"{home}enter/", {"code": newest_code()})["Location"] == home
    return client, home


def test_a_colleague_gets_a_link_of_their_own_and_the_timeline_says_who_acted(
    cast: Cast, client: Client, gateway: Gateway
) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, home = merchant_in(case)

    assert merchant.post(f"{home}people/", WHO | {"name": "", "key": "d0"}).status_code == 400
    assert merchant.post(f"{home}people/", WHO | {"key": "d1"})["Location"] == f"{home}people/"
    merchant.post(f"{home}people/", WHO | {"key": "d1"})
    do_own_jobs()

    link = case.merchant_links.get(number=1)
    assert (open_sealed(link, "holder"), link.may_sign, link.delegated_by) == (
        NAME,
        False,
        case.merchant_links.get(number=0),
    )
    sent = [(address, body) for address, body in gateway.sent if links.token_of(link) in body]
    assert [address for address, _body in sent] == [PHONE, "chen@shop.example"]
    assert case.number in sent[0][1] and not any(word in sent[0][1] for word in PRIVATE)
    page = merchant.get(f"{home}people/").content.decode()
    assert NAME in page and "137****7000" in page and PHONE not in page and "尚未打开链接" in page
    browser, own = opened_by(link)
    assert click(browser, f"{own}act/", "ask_mediator", text="我是门店负责人。").status_code == 302
    event = case.events.latest("seq")
    assert (event.actor_label, event.actor_id) == ("商户（同事1）", link.pk)
    sign_in(client, cast.handler.user)
    desk = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert f"同事1：{NAME}" in desk and "商户（同事1）" in desk
    assert click(merchant, f"{home}act/", "ask_mediator", text="我是店主。").status_code == 302
    assert case.events.latest("seq").actor_label == "商户"


def test_a_colleague_signs_only_where_named_to_and_the_database_sees_to_it(cast: Cast) -> None:
    case = factory.mediation(cast, at="half_signed")
    agreement = case.agreements.latest("version")
    given = {"now": NOW, "sha256": bytes(agreement.sha256), "phone": PHONE, "challenge": uuid7()}
    link = named(case)
    actions.confirm_link(fresh(case), actor=links.holder_of(link), now=NOW, link=link, phone=PHONE)

    assert codes(actions.sign_agreement, fresh(case), actor=links.holder_of(link), **given) == ["actor.may_not_sign"]
    row = {
        "agreement": agreement,
        "case": case,
        "side": "merchant",
        "sha256": bytes(agreement.sha256),
        "challenge": uuid7(),
    }
    for wrong in (link, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.create(**row, link=wrong, actor_kind="merchant", signed_at=NOW)
    actions.end_delegation(fresh(case), actor=factory.merchant_of(case), now=NOW, colleague=link)
    signer = named(case, may_sign=True)
    actions.confirm_link(fresh(case), actor=links.holder_of(signer), now=NOW, link=signer, phone=PHONE)
    signed = actions.sign_agreement(fresh(case), actor=links.holder_of(signer), **given)
    assert signed.state == "agreed" and Signature.objects.get(side="merchant").link_id == signer.pk


def test_nobody_passes_a_link_on_and_nobody_else_names_colleagues(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    link = named(case)
    held = links.holder_of(link)

    assert codes(actions.delegate, case, actor=held, now=NOW, **WHO) == ["actor.no_link"]  # not opened yet
    actions.confirm_link(fresh(case), actor=held, now=NOW, link=link, phone=PHONE)
    other = WHO | {"phone": "13600136000"}
    assert codes(actions.delegate, fresh(case), actor=held, now=NOW, **other) == ["actor.delegated"]
    assert codes(actions.end_delegation, fresh(case), actor=held, now=NOW, colleague=link) == ["actor.delegated"]
    for actor in (cast.handler.actor, factory.consumer_of(case), merchant_actor(uuid7())):
        assert codes(actions.delegate, fresh(case), actor=actor, now=NOW, **other)[0] in (
            "actor.no_power",
            "actor.no_link",
        )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "name.missing"),
        ({"phone": "12345"}, "phone.malformed"),
        ({"phone": factory.MERCHANT_PHONE}, "phone.named"),
        ({"email": "no mail"}, "email.malformed"),
    ],
)
def test_who_is_named_can_be_reached(changed: dict[str, Any], code: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    assert codes(actions.delegate, case, actor=factory.merchant_of(case), now=NOW, **WHO | changed) == [code]
    for n in range(5):
        named(case, phone=f"1370013700{n}")
    assert codes(
        actions.delegate, fresh(case), actor=factory.merchant_of(case), now=NOW, **WHO | {"phone": "13600136000"}
    ) == ["colleague.too_many"]


@pytest.mark.parametrize("ends", ["merchant", "staff", "all", "new", "talks"])
def test_whoever_named_them_or_staff_end_it_at_once(ends: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, home = merchant_in(case)
    link = named(case)
    browser, own = opened_by(link, at=NOW + timedelta(minutes=2))
    assert browser.get(own).status_code == 200 and case.number in browser.get(own).content.decode()

    staff = {"actor": cast.handler.actor, "now": NOW}
    if ends == "merchant":
        assert merchant.post(f"{home}people/end/", {"colleague": "1", "key": "e1"}).status_code == 302
    elif ends == "staff":
        actions.end_delegation(fresh(case), **staff, colleague=link)
    elif ends == "all":
        actions.revoke_link(fresh(case), **staff)
    elif ends == "new":
        actions.issue_link(fresh(case), **staff, phone="13600136000")
    else:
        actions.fail(fresh(case), **staff, reason="x")

    gone = browser.get(own)
    assert gone.status_code == 404 and case.number not in gone.content.decode()
    assert click(browser, f"{own}act/", "ask_mediator", text="x")["Location"] == own
    assert (merchant.get(home).status_code == 200) == (ends in ("merchant", "staff"))


def test_a_colleagues_link_that_ran_out_is_sent_anew_to_that_colleague_and_leaves_the_merchants_alone(
    cast: Cast,
) -> None:
    case = factory.mediation(cast, at="negotiating")
    link = named(case)
    _browser, own = opened_by(link)
    later = link.expires_at + timedelta(minutes=1)
    with pinned(later):
        Client().post(f"{own}renew/")
    new = case.merchant_links.get(number=1, revoked_at=None)
    assert new.pk != link.pk and (new.phone_mask, open_sealed(new, "holder")) == (link.phone_mask, NAME)
    assert case.merchant_links.filter(number=0, revoked_at=None).count() == 1


def test_the_merchant_finds_its_open_cases_of_this_number_and_never_anothers(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    mine = factory.mediation(cast, at="invited", origin=factory.complaint(cast, phone="13900139001"))
    over = factory.mediation(cast, at="failed", origin=factory.complaint(cast, phone="13900139002"))
    others_phone = factory.mediation(cast, at="consented", origin=factory.complaint(cast, phone="13900139003"))
    actions.invite_merchant(others_phone, actor=cast.handler.actor, now=NOW, **factory.TOLD, phone="13600136000")
    another = Merchant.objects.exclude(pk=case.merchant_id).first()
    origin = factory.complaint(cast, phone="13900139004", merchant=another)
    theirs = factory.mediation(cast, at="consented", origin=origin)
    own_number = {"phone": factory.MERCHANT_PHONE}
    theirs = actions.invite_merchant(theirs, actor=cast.handler.actor, now=NOW, **factory.TOLD, **own_number)
    assert theirs.merchant_id != case.merchant_id and mine.merchant_id == case.merchant_id
    merchant, home = merchant_in(case)

    page = merchant.get(f"{home}cases/").content.decode()

    assert mine.number in page and case.number in page
    assert f"/m/{links.token_of(mine.merchant_links.get())}/" in page
    for hidden in (over, others_phone, theirs):
        assert hidden.number not in page, hidden.number
    assert not any(word in page for word in PRIVATE)
    assert Client().get(f"{home}cases/")["Location"] == home
    other_home = f"/m/{links.token_of(mine.merchant_links.get())}/"
    assert mine.number not in merchant.get(other_home).content.decode()  # its own code first
    colleague, own = opened_by(named(case), at=NOW + timedelta(minutes=2))
    seen = colleague.get(f"{own}cases/").content.decode()
    assert case.number in seen and mine.number not in seen


def test_the_database_keeps_links_and_colleagues_in_order(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    other = factory.mediation(cast, at="negotiating", origin=factory.complaint(cast, phone="13900139000"))
    link = named(case)

    def copy(**changed: Any) -> None:
        given = {
            "case": case,
            "token_index": uuid7().bytes * 2,
            "phone": "13600136000",
            "phone_index": uuid7().bytes * 2,
        }
        given |= {
            "phone_mask": "x",
            "issued_at": NOW,
            "expires_at": NOW + timedelta(days=1),
            "holder": "x",
            "number": 2,
        }
        with transaction.atomic():
            MerchantLink.objects.create(
                **given | {"delegated_by": case.merchant_links.get(number=0), "may_sign": False} | changed
            )

    for wrong in (
        {"delegated_by": link},
        {"delegated_by": other.merchant_links.get()},
        {"delegated_by": None},
        {"number": 0},
        {"phone_index": bytes(link.phone_index)},
    ):
        with pytest.raises(IntegrityError):
            copy(**wrong)
    copy()
    for sql in ("UPDATE mediation_merchantlink SET may_sign = true", "UPDATE mediation_merchantlink SET number = 9"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{sql} WHERE id = %s", [link.pk])
