"""The register of evidence in a browser: dragged, moved by keys and without a script, narrow and wide."""

from __future__ import annotations

import os

from playwright.sync_api import Browser, Page

from tests.complaints.conftest import committed_cast
from tests.e2e.desk import desk_of, faults_on
from tests.evidence.conftest import WORDS, Register, register_of
from tests.people import Cast

__all__ = ["committed_cast"]


def registered(cast: Cast) -> Register:
    register = register_of(cast)
    register.do("register")
    register.do("describe", item=register.item("1"), **WORDS)
    register.paper(verdict="refused")
    register.paper(b"%PDF-1.7 not registered yet", name="新交来的收据.pdf")
    return register


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".evidence-title").all_inner_texts()]


def test_items_are_dragged_and_moved_by_keys(browser: Browser, served: str, committed_cast: Cast) -> None:
    register = registered(committed_cast)
    context = desk_of(browser, served, committed_cast.handler.user)
    page = context.new_page()
    page.goto(f"/staff/cases/{register.case.number}/evidence/")
    first, second, third = titles(page)

    with page.expect_response(lambda answer: "reorder_evidence" in answer.url and answer.status == 200):
        page.locator(".evidence-item").nth(2).drag_to(
            page.locator(".evidence-item").nth(0), target_position={"x": 60, "y": 3}
        )
    page.wait_for_function("title => document.querySelector('.evidence-title').textContent.trim() === title", arg=third)
    assert titles(page) == [third, first, second]

    page.locator(".evidence-item").nth(0).locator("[data-jike-move=down]").focus()
    with page.expect_response(lambda answer: "reorder_evidence" in answer.url and answer.status == 200):
        page.keyboard.press("Alt+ArrowDown")
    page.wait_for_function("title => document.querySelector('.evidence-title').textContent.trim() === title", arg=first)
    assert titles(page) == [first, third, second]
    assert page.evaluate("document.activeElement.dataset.jikeMove") == "down", "the focus stays on the moved item"
    assert [item.label for item in register.items()] == ["1", "2", "3"]
    context.close()


def test_without_a_script_buttons_and_forms_do_the_same(browser: Browser, served: str, committed_cast: Cast) -> None:
    register = registered(committed_cast)
    context = desk_of(browser, served, committed_cast.handler.user, width=360, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/staff/cases/{register.case.number}/evidence/")
    before = titles(page)

    page.locator(".evidence-item").nth(1).locator("[data-jike-move=up]").click()
    assert titles(page) == [before[1], before[0], before[2]]
    page.get_by_role("button", name="登记", exact=True).click()
    assert titles(page)[3] == "新交来的收据.pdf"
    context.close()


def test_pages_of_evidence_have_no_serious_fault(browser: Browser, served: str, committed_cast: Cast) -> None:
    register = registered(committed_cast)
    register.do("supersede", item=register.item("2"), by=register.item("3"), reason="更清楚的扫描件")
    register.do("lock")
    register.do("register")
    context = desk_of(browser, served, committed_cast.handler.user)
    page = context.new_page()
    base = f"/staff/cases/{register.case.number}"
    found = []
    for path in (f"{base}/evidence/", f"{base}/evidence/{register.item('1').pk}/custody/", f"{base}/"):
        found += faults_on(page, path, (1440, 360))
        if folder := os.environ.get("LOOK_AT"):
            for width in (1440, 360):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{folder}/{path.strip('/').replace('/', '_')[-12:]}-{width}.png", full_page=True)
    context.close()
    assert found == []
