"""Words between one side and whoever mediates: read by that side alone, told without their content, naming nobody of the other side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from cases.mediation import actions
from cases.mediation.models import Mediation
from cases.models import Message
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway
from tests.mediation.test_talks import click, consumer_in, merchant_in
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
TEXT = {"consumer": "请您把培训协议的照片补上来。", "merchant": "请贵方说明停课前已上课时。"}


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with pinned(NOW):
        yield


@pytest.mark.parametrize("side", ["consumer", "merchant"])
def test_the_side_reads_and_answers_on_its_page_and_the_other_never_does(
    side: str, cast: Cast, client: Client, gateway: Gateway
) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, shop = merchant_in(case)
    consumer, own = consumer_in(case)
    pages = {"consumer": (consumer, own, f"{own}talks/"), "merchant": (merchant, shop, f"{shop}act/")}
    jobs.run_due()
    gateway.sent.clear()
    sign_in(client, cast.handler.user)
    where = f"/staff/cases/{case.number}/talks/write/{side}/"

    assert client.post(where, {"text": "", "key": "w0"}).status_code == 400
    sent = client.post(where, {"text": TEXT[side], "key": "w1"})
    assert sent["Location"] == f"/staff/cases/{case.number}/talks/"
    client.post(where, {"text": TEXT[side], "key": "w1"})
    jobs.run_due()

    reader, page, answer = pages.pop(side)
    (other, others_page, _act) = pages.popitem()[1]
    assert reader.get(page).content.decode().count(TEXT[side]) == 1
    assert TEXT[side] not in other.get(others_page).content.decode()
    assert click(reader, answer, "ask_mediator", text="已上八次课。").status_code == 302
    assert "已上八次课。" in reader.get(page).content.decode()
    assert "已上八次课。" not in other.get(others_page).content.decode()
    talks = client.get(f"/staff/cases/{case.number}/talks/").content.decode()
    assert TEXT[side] in talks and "已上八次课。" in talks
    timeline = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert ("发给商户" in timeline) == (side == "merchant")
    phone = {"consumer": "13800138000", "merchant": factory.MERCHANT_PHONE}[side]
    told = [body for address, body in gateway.sent if "留" in body]
    assert [address for address, body in gateway.sent if "留" in body] == [phone]
    assert TEXT[side] not in told[0] and case.number in told[0]


@pytest.mark.parametrize(
    ("side", "text"),
    [
        ("merchant", "王小明说课已停。"),
        ("merchant", "请致电13800138000。"),
        ("merchant", "身份证11010519491231002X。"),
        ("consumer", "请致电13900139000。"),
        ("consumer", "打到6222020200112230。"),
    ],
)
def test_what_would_give_somebody_away_is_refused(side: str, text: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    with pytest.raises(Refused) as refused:
        actions.write_to_side(case, actor=cast.handler.actor, now=NOW, side=side, text=text)
    assert [b.code for b in refused.value.blockers] == ["text.personal"]
    assert not Message.objects.filter(case=case, template="", is_incoming=False).exists()


def test_a_number_is_refused_to_either_side(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    for side in ("consumer", "merchant"):
        with pytest.raises(Refused):
            actions.write_to_side(case, actor=cast.handler.actor, now=NOW, side=side, text="请打13900139000。")


def test_a_consumer_may_be_addressed_by_name_and_a_merchant_not_before_it_is_invited(cast: Cast) -> None:
    case = factory.mediation(cast, at="consented")
    given = {"actor": cast.handler.actor, "now": NOW}
    with pytest.raises(Refused) as refused:
        actions.write_to_side(case, side="merchant", text="贵方好", **given)
    assert [b.code for b in refused.value.blockers] == ["merchant.not_asked"]
    case = actions.write_to_side(case, side="consumer", text="王小明您好，请稍候。", **given)
    assert open_sealed(Message.objects.get(case=case, template="", is_incoming=False), "body") == "王小明您好，请稍候。"
    for actor, code in ((cast.stranger.actor, "actor.not_assigned"), (factory.consumer_of(case), "actor.no_power")):
        with pytest.raises(Refused) as refused:
            actions.write_to_side(case, side="consumer", text="x", actor=actor, now=NOW)
        assert code in [b.code for b in refused.value.blockers]


def test_the_words_say_what_it_came_from(cast: Cast) -> None:
    """A complaint is called one, a return of a loan another: in messages and on the page."""
    from cases.mediation import words
    from cases.mediation.told import next_for
    from cases.queries import complainant_of
    from tests.lending import documents
    from tests.refunds.test_judging import judged

    documents.starter()
    judged(service={"state": "served"})
    returned = Mediation.objects.get()
    body = open_sealed(Message.objects.filter(case=returned, channel="inbox").get(), "body")
    assert f"就您的退贷 {returned.origin.number}" in body and "投诉" not in body and "催收和自动扣款继续暂停" in body
    party = complainant_of(returned)
    assert party is not None
    for wording, given in (
        (words.ENDED, {"matter": words.matter_of(returned), "how": "未能达成协议", "was_counted": False}),
        (words.WRITTEN, {}),
        (words.AGREED, {}),
        (words.SIGN, {}),
        (words.BROKEN, {"is_external": False}),
        (words.OFFER, {"until": "明天"}),
        (words.ROUND, {"until": "明天", "is_bids": True}),
    ):
        for text in wording.texts(returned, party, now=NOW, origin=words.origin_of(returned), **given):
            assert "投诉" not in text.body and "退贷" in text.body, wording.name
    actions.refuse(returned, actor=factory.consumer_of(returned), now=NOW)
    assert "退贷" in str(next_for(Mediation.objects.get(pk=returned.pk), "consumer"))
    complaint = factory.mediation(cast, at="proposed")
    body = open_sealed(Message.objects.filter(case=complaint, channel="inbox").get(), "body")
    assert f"就您的投诉 {complaint.origin.number}" in body and "投诉处理期限照常计算" in body
