"""The pages of a paper and the drawing tool in a browser: mouse, keys alone, a reload in between, narrow and wide."""

from __future__ import annotations

import os

from playwright.sync_api import Browser, Page

from cases.copies import paging, previews
from cases.copies.models import Covering
from cases.evidence.models import Item
from jike.files import kinds
from tests.complaints.conftest import committed_cast
from tests.copies.conftest import LATER, telling_paper
from tests.copies.many import of_pages
from tests.e2e.desk import desk_of, faults_on
from tests.evidence.conftest import register_of
from tests.people import Cast

__all__ = ["committed_cast"]

LONG = (
    "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县学而优培训学校分期付款服务合同及补充协议（第三次修订扫描件全本）" * 3
)


def drawn(cast: Cast, content: bytes, *, name: str = "合同.pdf") -> Item:
    register = register_of(cast, papers=0)
    register.paper(content, kind=kinds.PDF, name=name)
    register.do("register")
    previews.draw(paging.make(register.item("1").attachment, now=LATER), now=LATER)
    return register.item("1")


def opened(page: Page, item: Item, audience: str) -> str:
    path = f"/staff/cases/{item.case.number}/papers/{item.pk}/copies/{audience}/"
    page.goto(path)
    page.locator("form[action$='pages/open/'] button").click()
    page.wait_for_selector(".cover-sheet svg")
    return path


def rectangles(page: Page) -> list[tuple[float, float, float, float]]:
    return page.eval_on_selector_all(
        "rect[aria-checked=true]",
        "all => all.map(one => ['x', 'y', 'width', 'height'].map(name => Math.round(1000 * one.getAttribute(name)) / 1000))",
    )


def test_areas_are_drawn_moved_and_saved_and_survive_a_reload(
    browser: Browser, served: str, committed_cast: Cast
) -> None:
    item = drawn(committed_cast, telling_paper())
    context = desk_of(browser, served, committed_cast.handler.user)
    page = context.new_page()
    opened(page, item, "merchant")
    assert page.locator("rect[aria-checked=false]").count() == 5 and rectangles(page) == []

    sheet = page.locator(".cover-sheet svg").bounding_box()
    assert sheet is not None
    left, top = sheet["x"] + 0.1 * sheet["width"], sheet["y"] + 0.3 * sheet["height"]
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 0.3 * sheet["width"], top + 0.1 * sheet["height"], steps=4)
    page.mouse.up()
    assert rectangles(page) == [[0.1, 0.3, 0.3, 0.1]]
    page.mouse.move(left + 20, top + 20)
    page.mouse.down()
    page.mouse.move(left + 20 + 0.1 * sheet["width"], top + 20, steps=4)
    page.mouse.up()
    assert rectangles(page) == [[0.2, 0.3, 0.3, 0.1]]
    page.locator("rect[aria-checked=false]").first.click()
    assert len(rectangles(page)) == 2

    page.reload()
    assert len(rectangles(page)) == 2 and page.locator("[data-jike-restored]").is_visible()
    page.get_by_role("button", name="保存遮盖").click()
    page.wait_for_selector(".message")
    assert len(Covering.objects.get(item=item).areas) == 2
    assert len(rectangles(page)) == 2 and not page.locator("[data-jike-restored]").is_visible()
    context.close()


def test_everything_is_done_by_keys(browser: Browser, served: str, committed_cast: Cast) -> None:
    item = drawn(committed_cast, telling_paper())
    context = desk_of(browser, served, committed_cast.handler.user)
    page = context.new_page()
    opened(page, item, "consumer")

    page.locator("[data-jike-add]").focus()
    page.keyboard.press("Enter")
    assert rectangles(page) == [[0.1, 0.1, 0.3, 0.04]]
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert rectangles(page) == [[0.11, 0.105, 0.305, 0.035]]
    page.keyboard.press("Delete")
    assert rectangles(page) == [] and page.evaluate("'jikeAdd' in document.activeElement.dataset")
    page.locator("rect[aria-checked=false]").first.focus()
    page.keyboard.press("Space")
    assert len(rectangles(page)) == 1
    page.locator("[data-jike-all]").focus()
    page.keyboard.press("Enter")
    assert len(rectangles(page)) == 5
    context.close()


def test_without_a_script_areas_are_ticked_and_typed(browser: Browser, served: str, committed_cast: Cast) -> None:
    item = drawn(committed_cast, telling_paper())
    context = desk_of(browser, served, committed_cast.handler.user, width=360, java_script_enabled=False)
    page = context.new_page()
    opened(page, item, "merchant")

    page.locator("input[name=areas]").first.check()
    for name, value in (("page", "1"), ("x", "10"), ("y", "50"), ("width", "20"), ("height", "5")):
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("button", name="连同此区域保存").click()
    assert [area[5] for area in Covering.objects.get(item=item).areas] == ["address", "other"]
    context.close()


def test_pages_of_a_long_paper_have_no_serious_fault(browser: Browser, served: str, committed_cast: Cast) -> None:
    item = drawn(committed_cast, of_pages(40), name=f"{LONG}.pdf")
    context = desk_of(browser, served, committed_cast.handler.user)
    page = context.new_page()
    path = opened(page, item, "merchant")
    base = f"/staff/cases/{item.case.number}"
    found = []
    for address in (path, f"{base}/papers/{item.pk}/pages/", f"{base}/evidence/"):
        found += faults_on(page, address, (1440, 360))
        if folder := os.environ.get("LOOK_AT"):
            for width in (1440, 360):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{folder}/{address.strip('/').split('/')[-1]}-{width}.png")
    context.close()
    assert found == []


def test_the_frame_shows_pages_under_its_own_policy(browser: Browser, served: str, committed_cast: Cast) -> None:
    item = drawn(committed_cast, of_pages(3))
    context = desk_of(browser, served, committed_cast.handler.user, is_strict=True)
    page = context.new_page()
    opened(page, item, "merchant")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"/staff/cases/{item.case.number}/papers/{item.pk}/pages/")

    picture = page.frame_locator("iframe").locator("#page-1")
    picture.wait_for()
    page.frames[1].wait_for_function("() => document.querySelector('#page-1').naturalWidth > 500")
    page.locator(".copies-thumbs a").nth(2).click()
    page.frames[1].wait_for_url("**/sheets/#page-3")
    assert complaints == []
    context.close()
