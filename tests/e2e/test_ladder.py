"""A complaint becomes a mediation: consumer, merchant and mediator in three browsers at once, from the proposal to a broken promise.

With `JIKE_SHOTS` set to a folder every step leaves its picture there.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cases.mediation import actions, handlers
from cases.mediation.links import token_of
from cases.mediation.models import Mediation
from cases.portal import sessions
from cases.starter import ensure_starter_data
from jike.accounts import codes
from jike.accounts.models import PhoneChallenge
from jike.accounts.roles import machine_actor
from jike.accounts.spaces import PORTAL
from jike.base.dates import cst_date, now, pinned
from jike.outbox import jobs
from jike.web.sessions import PortalStore
from tests.e2e.desk import AXE, desk_of
from tests.factories import mediations as factory
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("JIKE_SHOTS", "")


def shot(page: Page, name: str) -> None:
    """The picture where one is wanted; nothing serious for axe-core, and no wider than the window."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    page.evaluate(AXE)
    serious = [
        (fault["id"], [node["target"] for node in fault["nodes"]])
        for fault in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def newest_code() -> str:
    return codes.code_of(PhoneChallenge.objects.latest("created_at").pk)


def code_may_be_sent_again() -> None:
    """A minute passes between two codes to one phone."""
    for row in PhoneChallenge.objects.all():
        PhoneChallenge.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(minutes=2))


def test_from_the_proposal_to_a_signed_agreement_and_a_broken_promise(browser: Browser, served: str) -> None:
    ensure_starter_data(now())
    cast = make_cast()
    origin = factory.complaint(cast, at="investigating", now=now() - timedelta(days=1))
    phone = {"viewport": {"width": 360, "height": 760}, "locale": "zh-CN", "bypass_csp": True}
    consumer = browser.new_context(**phone).new_page()
    merchant = browser.new_context(**phone).new_page()
    desk = desk_of(browser, served, cast.handler.user).new_page()

    # The mediator proposes; the consumer finds it under the complaint and agrees.
    desk.goto(f"{served}/staff/cases/{origin.number}/open_mediation/")
    desk.select_option("#id_form", "internal")
    press(desk, "提议协商或调解")
    case = Mediation.objects.get(origin=origin)
    store = PortalStore()
    sessions.open_case(store, origin, now=now())
    store.save()
    consumer.context.add_cookies([{"name": PORTAL.session_cookie, "value": str(store.session_key), "url": served}])
    consumer.goto(f"{served}/track/{origin.number}/")
    consumer.click(".ladder a")
    shot(consumer, "consumer-1-asked")
    press(consumer, "同意参加")

    # The merchant is told in words that name nobody, opens the link by a code, answers the facts and takes part.
    desk.goto(f"{served}/staff/cases/{case.number}/invite/")
    desk.fill("#id_allegation", "消费者称分期购买的课程停课，要求退还未上课程的费用。")
    desk.fill("#id_facts", "课程自九月起停课。\n消费者已付首期款。")
    shot(desk, "desk-1-invite")
    press(desk, "邀请商户")
    merchant.goto(f"{served}/m/{token_of(case.merchant_links.get())}/")
    shot(merchant, "merchant-1-door")
    with merchant.expect_navigation():
        merchant.click("form .btn-primary")
    merchant.fill("#id_code", newest_code())
    press(merchant, "打开案件")
    merchant.get_by_role("group", name="课程自九月起停课。").get_by_label("属实", exact=True).check()
    shot(merchant, "merchant-2-asked")
    press(merchant, "同意参加协商")

    # Offer, counter-offer, a second offer, accepted.
    _offer(merchant, refund="1000", day=20)
    shot(merchant, "merchant-3-offered")
    consumer.reload()
    shot(consumer, "consumer-2-offer")
    _offer(consumer, refund="2000", day=20, button="还价")
    merchant.reload()
    _offer(merchant, refund="1500", day=20, instalments="2", button="还价")
    desk.goto(f"{served}/staff/cases/{case.number}/talks/")
    shot(desk, "desk-2-talks")
    assert "2,000.00" in desk.inner_text("main") and "1,500.00" in desk.inner_text("main")
    consumer.reload()
    press(consumer, "接受")

    # Drafted, read and signed by both, each with a code to the own phone; the paper is there for both.
    desk.goto(f"{served}/staff/cases/{case.number}/draft_agreement/")
    for field, words in factory.TEXTS.items():
        desk.fill(f"#id_{field}", words)
    press(desk, "拟定协议书")
    for page, name in ((consumer, "consumer"), (merchant, "merchant")):
        code_may_be_sent_again()
        page.reload()
        with page.expect_navigation():
            page.get_by_role("link", name="阅读并签署协议").click()
        with page.expect_navigation():
            page.click('button[name="send"]')
        page.fill("#id_code", newest_code())
        shot(page, f"{name}-4-sign")
        press(page, "签署")
    case = Mediation.objects.get(pk=case.pk)
    assert case.state == "agreed"
    jobs.run_due()
    handlers.watch(now())
    merchant.reload()
    with merchant.expect_download() as download:
        merchant.get_by_role("link", name="下载协议书（PDF）").click()
    paper = Path(download.value.path()).read_bytes()
    assert paper.startswith(b"%PDF")
    if SHOTS:
        (Path(SHOTS) / "agreement.pdf").write_bytes(paper)

    # The first instalment is reported and received; the second never comes.
    first = merchant.locator(".kept li").first
    first.locator('input[name="text"]').fill("已转账，流水号1234")
    with merchant.expect_navigation():
        first.get_by_role("button", name="登记已履行").click()
    consumer.reload()
    with consumer.expect_navigation():
        consumer.locator(".kept li").first.get_by_role("button", name="我已收到").click()
    shot(consumer, "consumer-5-kept")
    late = now() + timedelta(days=70)
    with pinned(late):
        actions.record_breach(Mediation.objects.get(pk=case.pk), actor=machine_actor("clock"), now=late)
    consumer.reload()
    shot(consumer, "consumer-6-broken")
    assert "商户没有按约履行" in consumer.inner_text("main")
    desk.goto(f"{served}/staff/cases/{origin.number}/")
    assert case.number in desk.inner_text(".ladder")
    shot(desk, "desk-3-ladder")


def _offer(page: Page, *, refund: str, day: int, instalments: str = "1", button: str = "提出方案") -> None:
    """Write an offer, look at it as the other side will, send it."""
    with page.expect_navigation():
        page.get_by_role("link", name=button, exact=True).click()
    page.fill("#id_refund", refund)
    page.fill("#id_refund_on", (cst_date(now()) + timedelta(days=day)).isoformat())
    page.fill("#id_instalments", instalments)
    with page.expect_navigation():
        page.get_by_role("button", name="预览对方看到的内容").click()
    with page.expect_navigation():
        page.get_by_role("button", name="发出方案").click()
