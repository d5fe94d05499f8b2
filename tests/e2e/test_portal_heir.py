"""An heir with a phone: six photos, stopped, gone on with the next day on another phone, filed; and all of it by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from cases.attachments.models import Attachment
from cases.complaints.models import Complaint, Statement
from cases.starter import ensure_starter_data
from jike.base.dates import now
from jike.files import store
from jike.outbox.models import DemoMessage
from jike.outbox.working import run_due
from jike.privacy import open_sealed
from tests.attachments.samples import CAMERA, photo
from tests.e2e.visits import session_of
from tests.factories import complaints as factory
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser

HEIR = "古丽娜扎尔·阿卜杜拉·买买提·艾力·吐尔逊江"
FATHER = "阿卜杜拉·买买提·艾力·吐尔逊江·卡德尔"
PHONE = "13912345678"
COLOURS = ("red", "green", "blue", "orange", "purple", "teal")
ANSWERS = (
    ("matter", "training"), ("narrative", "父亲过世后机构停业，催收电话打到家里。"), ("served", ""), ("signed_how", ""),
    ("merchant", "乌鲁木齐某某英语培训"), ("amount", "20,000"), ("claim", "终止合同，停止催收"), ("who", "heir"), ("person", FATHER),
    ("relation", "父亲"),
)  # fmt: skip
CHOSEN = ("matter", "who")


@pytest.fixture
def phones(browser: Browser, served: str, settings: object) -> Iterator[list[BrowserContext]]:
    """Two phones of the same family."""
    settings.DEMO = True
    ensure_starter_data(now())
    options = {"base_url": served, "viewport": {"width": 360, "height": 740}, "locale": "zh-CN", "has_touch": True}
    contexts = [browser.new_context(is_mobile=True, **options) for _phone in range(2)]
    yield contexts
    for context in contexts:
        context.close()


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), page.url


def code_from_text_message() -> str:
    run_due()
    sent = DemoMessage.objects.filter(channel="sms", key__startswith="accounts.code").latest("created_at")
    return re.search(r"\d{6}", open_sealed(sent, "text")).group()


def answer(page: Page) -> None:
    for question, words in ANSWERS:
        if question in CHOSEN:
            page.check(f"[name={question}][value={words}]")
        elif words:
            page.fill(f"#id_{question}", words)
        press(page, "main form .btn-primary")


def test_an_heir_stops_after_six_photos_and_files_the_next_day_from_another_phone(phones: list[BrowserContext]) -> None:
    page = phones[0].new_page()
    page.goto("/complain/")
    answer(page)
    photos = [
        {"name": f"户口簿（第{n}页）.jpg", "mimeType": "image/jpeg", "buffer": photo(colour=colour)}
        for n, colour in enumerate(COLOURS, 1)
    ]
    page.set_input_files("[name=file]", photos)
    page.wait_for_selector(".papers > li:nth-child(6)", timeout=60_000)
    press(page, "form[action$='/later/'] button")
    address, code = page.inner_text(".resume-address"), page.inner_text("#resume-code")
    phones[0].clear_cookies()

    page = phones[1].new_page()
    page.goto(f"/complain/resume/{address.rstrip('/').rpartition('/')[2]}/")
    assert FATHER not in page.content()
    page.fill("#id_code", code.lower().replace("-", " "))
    press(page, "main form .btn-primary")
    assert page.locator(".papers > li").count() == len(COLOURS)
    press(page, "main .actions a.btn-primary")
    page.fill("#id_name", HEIR)
    page.fill("#id_phone", PHONE)
    press(page, "main form .btn-primary")
    page.fill("#id_code", code_from_text_message())
    press(page, "main form .btn-primary")
    assert HEIR in page.inner_text("main") and FATHER in page.inner_text("main")
    press(page, "form[action$='/send/'] .btn-primary")

    case = Complaint.objects.get()
    assert page.inner_text("#receipt-code") == open_sealed(case, "receipt_code")
    assert {party.role for party in case.parties.all()} == {"complainant", "heir"}
    papers = Attachment.objects.filter(subject=case.pk).select_related("file")
    assert papers.count() == len(COLOURS)
    run_due()
    press(page, "main .actions a.btn-primary")
    page.click("details:has(.papers) > summary")
    page.wait_for_selector(".papers img")
    picture = page.request.get(page.get_attribute(".papers img", "src")).body()
    assert CAMERA.encode() in store.read(papers[0].file) and CAMERA.encode() not in picture and b"GPS" not in picture


def tab_to(page: Page, selector: str) -> None:
    """Walk with the Tab key until the focus is there, and see that it can be seen."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
            around = page.evaluate("getComputedStyle(document.activeElement.parentElement).outlineStyle")
            assert (outline, shadow, around) != ("none", "none", "none"), selector
            return
    raise AssertionError(f"the Tab key never comes to {selector} on {page.url}")


def enter_on(page: Page, selector: str) -> None:
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_everything_is_filed_by_keyboard_alone(phones: list[BrowserContext]) -> None:
    page = phones[0].new_page()
    page.goto("/")
    enter_on(page, "main a[href='/complain/']")
    for question, words in ANSWERS:
        if question in CHOSEN:
            tab_to(page, f"[name={question}]")
            page.keyboard.press("Space")
            while not page.locator(f"[name={question}][value={words}]").is_checked():
                page.keyboard.press("ArrowDown")
        elif words:
            tab_to(page, f"#id_{question}")
            page.keyboard.type(words)
        enter_on(page, "main form .btn-primary")
    enter_on(page, "main .actions a.btn-primary")
    tab_to(page, "#id_name")
    page.keyboard.type(HEIR)
    tab_to(page, "#id_phone")
    page.keyboard.type(PHONE)
    enter_on(page, "main form .btn-primary")
    tab_to(page, "#id_code")
    page.keyboard.type(code_from_text_message())
    enter_on(page, "main form .btn-primary")
    enter_on(page, "form[action$='/send/'] .btn-primary")

    assert page.inner_text("#receipt-code") == open_sealed(Complaint.objects.get(), "receipt_code")


def test_a_decision_is_contested_and_the_number_changed_by_keyboard_alone(
    phones: list[BrowserContext], served: str
) -> None:
    case = factory.of_branch(make_cast(), at="notified", now=now() - timedelta(days=1))
    page = phones[0].new_page()
    session_of(page, served, case)
    page.goto(f"/track/{case.number}/")
    enter_on(page, "a[href$='/after/contest/']")
    tab_to(page, "#id_words")
    page.keyboard.type("第九条没有提示。")
    enter_on(page, "main form .btn-primary")
    assert Statement.objects.get().kind == "contested"
    tab_to(page, "#acts > summary")
    page.keyboard.press("Enter")
    enter_on(page, "a[href$='/phone/']")
    tab_to(page, "#id_phone")
    page.keyboard.type(PHONE)
    enter_on(page, "main form .btn-primary")
    for _phone in ("old", "new"):
        tab_to(page, "#id_code")
        page.keyboard.type(code_from_text_message())
        enter_on(page, "main form .btn-primary")

    assert page.url.endswith("?done=phone")
    assert case.phone_changes.get().outcome == "changed"
