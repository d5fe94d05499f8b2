"""The workbench in a browser: signed in without the form, keys pressed, whole pages looked at by axe-core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from jike.accounts.models import User
from jike.accounts.spaces import STAFF
from tests.accounts.signing_in import sign_in

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def desk_of(
    browser: Browser, served: str, user: User, *, width: int = 1440, is_strict: bool = False, **options: Any
) -> BrowserContext:
    """A browser in which this member of staff is signed in; if it `is_strict` nothing can be looked at by axe-core."""
    context = browser.new_context(
        base_url=served, viewport={"width": width, "height": 900}, locale="zh-CN", bypass_csp=not is_strict, **options
    )
    cookie = sign_in(Client(), user).cookies[STAFF.session_cookie]
    context.add_cookies([{"name": STAFF.session_cookie, "value": cookie.value, "url": f"{served}/staff/"}])
    return context


def faults_on(page: Page, path: str, widths: Sequence[int]) -> list[str]:
    """What axe finds serious on this page at each of these widths, and whether it is wider than its window."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, (path, answer.status)
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    page.evaluate(AXE)
    return [fault for width in widths for fault in _faults_at(page, path, width)]


def _faults_at(page: Page, path: str, width: int) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 900})
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    for fault in found["violations"]:
        if fault["impact"] in ("serious", "critical"):
            yield from (f"{path} at {width} px: {fault['id']} {node['target']}" for node in fault["nodes"])
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{path} at {width} px: wider than the window"


class Keyboard:
    """Presses keys on a page and waits for whatever each of them set going."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed, self.under_way = page, 0, 0
        page.on("request", lambda _request: self._count(1))
        page.on("requestfinished", lambda _request: self._count(-1))
        page.on("requestfailed", lambda _request: self._count(-1))

    def _count(self, step: int) -> None:
        self.under_way += step

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.pressed += 1
            self._settle()

    def _settle(self) -> None:
        """Until nothing has been under way for a third of a second: an answer may send the browser on to another page."""
        quiet = 0
        while quiet < 3:
            self.page.wait_for_timeout(110)
            quiet = 0 if self.under_way > 0 else quiet + 1
        self.page.wait_for_load_state("load")
