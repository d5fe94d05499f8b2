"""Checking a large file: the browser sends its SHA-256, and nothing of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request

from cases.starter import ensure_starter_data
from jike.base.dates import now
from jike.files import store
from jike.web.verify.hashing import LIMIT_BYTES
from tests.factories import complaints as factory
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser


def test_of_a_large_file_only_the_hash_leaves_the_device(browser: Browser, served: str, tmp_path: Path) -> None:
    ensure_starter_data(now())
    case = factory.complaint(make_cast(), at="claimed")
    bundle = factory.bundled(case, now=now(), content=b"%PDF-1.7" + bytes(LIMIT_BYTES))
    large, other = tmp_path / "证据卷宗.pdf", tmp_path / "other.pdf"
    large.write_bytes(store.read(bundle.binding.document))
    other.write_bytes(large.read_bytes() + b" ")
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(len(request.post_data_buffer or b""))

    page = browser.new_context(locale="zh-CN").new_page()
    page.on("request", note)
    for file, words in ((large, "这正是我们出具的文件"), (other, "不是我们出具的文件")):
        page.goto(f"{served}/verify/")
        page.set_input_files('input[type="file"]', file)
        with page.expect_navigation():
            page.click('form[enctype] button[type="submit"]')
        assert words in page.inner_text("main").replace(" ", "")
    assert len(sent) == 2 and max(sent) < 1_000
