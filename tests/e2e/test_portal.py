"""A consumer's whole way on a small phone: file, receipt, follow, write, withdraw; with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from cases.complaints.models import Complaint
from cases.starter import ensure_starter_data
from jike.accounts.models import PhoneChallenge
from jike.base.dates import now
from jike.outbox.models import DemoMessage
from jike.outbox.working import run_due
from jike.privacy import open_sealed
from tests.attachments.samples import photo

pytestmark = pytest.mark.browser

LONG_NAME = "阿卜杜拉·买买提·艾力·吐尔逊江·卡德尔"
STORY = "商户收费后停业，电话无人接听。" + "Averyverylongwordwithoutanyspacethatcouldbreakthelayout" * 2
PHONE = "13800138000"


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(request: pytest.FixtureRequest, browser: Browser, served: str, settings: object) -> Iterator[Page]:
    settings.DEMO = True  # text messages go to the demonstration's provider
    ensure_starter_data(now())
    context = browser.new_context(
        base_url=served, viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=request.param
    )
    found = context.new_page()
    found.problems = []
    found.on("console", lambda m: found.problems.append(m.text) if m.type == "error" and "400" not in m.text else None)
    yield found
    context.close()


def press(page: Page, selector: str) -> None:
    """Press a button that leads to another page, and see that the page fits a small phone."""
    with page.expect_navigation():
        page.click(selector)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        raise AssertionError(f"{page.url} is wider than the screen")


def code_from_text_message() -> str:
    """What the newest text message to the phone says, after the worker's jobs were done."""
    run_due()
    text = open_sealed(
        DemoMessage.objects.filter(channel="sms", key__startswith="accounts.code").latest("created_at"), "text"
    )
    return re.search(r"\d{6}", text).group()


def tell_the_story(page: Page) -> None:
    """Answer one question a page, by choosing or typing."""
    page.check("[name=matter][value=training]")
    press(page, "main form .btn-primary")
    for question, words in (
        ("narrative", STORY),
        ("served", ""),
        ("signed_how", ""),
        ("merchant", ""),
        ("amount", "3000"),
    ):
        if words:
            page.fill(f"#id_{question}", words)
        press(page, "main form .btn-primary")
    page.fill("#id_claim", "退还已付款项")
    press(page, "main form .btn-primary")
    page.check("[name=who][value=self]")
    press(page, "main form .btn-primary")


def hand_in_papers(page: Page) -> None:
    """Several photos at once: with a script they go as soon as they are chosen, without one by the button."""
    photos = [
        {"name": f"合同（第{n}页）.jpg", "mimeType": "image/jpeg", "buffer": photo(colour=colour)}
        for n, colour in enumerate(("red", "green", "blue"), 1)
    ]
    page.set_input_files("[name=file]", photos)
    if page.locator(".upload[data-state=live]").count() == 0:
        press(page, "[data-jike-upload-send]")
    page.wait_for_selector(".papers > li:nth-child(3)")
    press(page, "main .actions a.btn-primary")


def test_a_consumer_files_follows_writes_and_withdraws(page: Page) -> None:
    page.goto("/")
    press(page, "a[href='/complain/']")
    press(page, "main form .btn-primary")
    assert page.locator(".error-summary a").count() == 1
    tell_the_story(page)
    hand_in_papers(page)
    page.fill("#id_name", LONG_NAME)
    page.fill("#id_phone", f"+86 {PHONE}")
    press(page, "main form .btn-primary")
    page.fill("#id_code", code_from_text_message())
    press(page, "main form .btn-primary")
    assert LONG_NAME in page.inner_text("main")
    press(page, "form[action$='/send/'] .btn-primary")

    case = Complaint.objects.get()
    code = page.inner_text("#receipt-code")
    assert (code, case.number in page.inner_text(".receipt")) == (open_sealed(case, "receipt_code"), True)
    page.click(".why summary")
    assert page.locator(".why-lines li").count() == 2

    PhoneChallenge.objects.update(created_at=now() - timedelta(minutes=2))
    page.context.clear_cookies()
    page.goto("/track/")
    page.fill("#id_receipt_code", code.lower())
    page.fill("#id_phone", PHONE)
    press(page, "form[action='/track/'] .btn-primary")
    page.fill("#id_code", code_from_text_message())
    press(page, "main form .btn-primary")
    assert page.url.endswith(f"/track/{case.number}/")
    assert case.number in page.inner_text(".talk")

    page.fill("#id_text", "请问何时有结果？")
    press(page, ".talk-write .btn-primary")
    assert "请问何时有结果？" in page.inner_text(".talk")
    page.click("details:has(a[href$='/withdraw/']) summary")
    press(page, "a[href$='/withdraw/']")
    press(page, "form button.btn-secondary")
    assert Complaint.objects.get().state == "withdrawn"
    assert page.locator(".now[data-state='withdrawn']").count() == 1
    assert page.problems == []


def test_the_receipts_qr_fills_in_its_code_and_leaves_no_trace(browser: Browser, served: str) -> None:
    page = browser.new_page(base_url=served)

    page.goto("/track/#7KQ2-M9XD-3VTR-P4HW")
    assert page.input_value("#id_receipt_code") == "7KQ2-M9XD-3VTR-P4HW"
    assert page.url == f"{served}/track/"
    page.close()
