"""The workbench of whoever mediates."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from jike.base.dates import cst_date, now
from tests.accounts.signing_in import sign_in
from tests.factories import mediations as factory
from tests.people import Cast

DAY = (cst_date(now()) + timedelta(days=30)).isoformat()
OFFER = {"refund": "1500", "refund_on": DAY, "instalments": "2", "stands": "7", "words": "分两期退款。", "key": "k1"}


def test_whoever_mediates_sees_both_sides_and_writes_down_what_was_said(cast: Cast, client: Client) -> None:
    case = factory.mediation(cast, at="negotiating")
    sign_in(client, cast.handler.user)
    base = f"/staff/cases/{case.number}/talks/"
    said = OFFER | {"evidence": "2026-09-29 电话录音"}

    assert "1,500.00" in client.post(f"{base}offer/consumer/", said).content.decode()
    assert client.post(f"{base}offer/consumer/", OFFER).status_code == 400  # nowhere to be shown
    assert client.post(f"{base}offer/consumer/", said | {"send": "1"}).status_code == 302
    offer = case.offers.get()
    page = client.get(base).content.decode()
    assert offer.side == "consumer" and "1,500.00" in page and "2026-09-29 电话录音" in page
    answered = {"answer": "rejected", "offer": str(offer.pk), "evidence": "商户来函", "key": "a1"}
    assert client.post(f"{base}answer/", answered | {"evidence": ""}).status_code == 400
    assert client.post(f"{base}answer/", answered).status_code == 302
    assert client.post(f"{base}answer/", answered | {"key": "a2"}).status_code == 409
    sign_in(client, cast.stranger.user)
    assert client.get(base).status_code == 404


def test_the_case_page_reads_the_matter_where_it_stands(cast: Cast, client: Client) -> None:
    case = factory.mediation(cast, at="offered")
    sign_in(client, cast.handler.user)

    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "商户收费后停业" in page and f"/staff/cases/{case.origin.number}/" in page
    assert f"/staff/cases/{case.number}/talks/" in page and "课程自2026年9月1日起停课。" in page
    assert f"/staff/cases/{case.number}/" in client.get(f"/staff/cases/{case.origin.number}/").content.decode()
