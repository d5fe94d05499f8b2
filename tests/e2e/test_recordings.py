"""Dual recording in a real browser with a pretended camera: recorded on a small phone, interrupted, gone on with, judged, played, and the gate opened."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from jike.base.dates import now
from jike.outbox.models import DemoMessage
from jike.outbox.working import run_due
from jike.privacy import open_sealed
from lending.models import Recording, RecordingLook
from lending.recordings import actions, queries
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.desk import AXE, desk_of
from tests.factories import recordings as factory

pytestmark = pytest.mark.browser

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def camera(browser: Browser, served: str, settings: Any) -> Iterator[Browser]:
    """A browser of its own, whose camera and microphone show a moving test picture and beep."""
    settings.DEMO, settings.TRANSCRIPT_URL = True, "pretend:"
    started = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *CAMERA])
    yield started
    started.close()


def problems_of(page: Page) -> list[str]:
    """What axe finds serious on the same address with the same cookies; the page itself keeps its strict policy."""
    context = page.context.browser.new_context(
        viewport=page.viewport_size, locale="zh-CN", bypass_csp=True, storage_state=page.context.storage_state()
    )
    beside = context.new_page()
    beside.goto(page.url)
    beside.evaluate("() => document.querySelectorAll('[data-number]').forEach((card) => (card.hidden = false))")
    beside.evaluate(AXE)
    found = beside.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    context.close()
    return [
        f"{one['id']} {node['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def shot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def sms(pattern: str) -> str:
    run_due()
    texts = [
        open_sealed(row, "text") for row in DemoMessage.objects.filter(channel="sms").order_by("-created_at", "-pk")
    ]
    return next(found.group() for text in texts if (found := re.search(pattern, text)))


def fits(page: Page) -> None:
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), page.url


def read_sentences(page: Page, count: int, first: int) -> None:
    for number in range(first, first + count):
        card = page.locator(f"[data-number='{number}']")
        card.wait_for(state="visible")
        page.wait_for_timeout(2_600)
        card.locator("button").first.click()
        page.wait_for_function(
            "n => document.querySelector(`[data-number='${n}']`)?.hidden !== false || !document.querySelector('[data-jike-capture]')",
            arg=number,
        )


def test_recorded_interrupted_judged_played_and_the_gate_opened(camera: Browser, served: str) -> None:
    from datetime import UTC, datetime

    row = factory.scheduled(now=now())
    context = camera.new_context(base_url=served, viewport={"width": 360, "height": 740}, locale="zh-CN")
    page, errors = context.new_page(), []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    link = sms(r"/recording/[0-9a-f]{32}/")

    page.goto(link)
    shot(page, "1-door")
    assert problems_of(page) == []
    page.click("form.actions button")
    page.fill("#id_code", sms(r"\d{6}"))
    page.click("form[action$='enter/'] button")
    fits(page)
    shot(page, "2-consent")
    assert problems_of(page) == []
    page.check("[name=choice][value=face_and_voice]")
    page.click("main form .btn-primary")

    answer = page.goto(link)
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    page.click("[data-start]")
    read_sentences(page, 2, 0)
    fits(page)
    shot(page, "3-recording")
    assert problems_of(page) == []
    page.wait_for_timeout(2_500)
    shot(page, "3b-recording")
    page.reload()  # an impatient thumb; what was recorded stays
    assert page.locator("[data-start]").inner_text().strip() == "继续录制"
    page.click("[data-start]")
    read_sentences(page, 3, 2)
    page.wait_for_url("**/my/recordings/", timeout=30_000)
    fits(page)
    shot(page, "4-mine")
    assert problems_of(page) == []

    run_due()
    run_due(clock=lambda: datetime.now(UTC) + timedelta(seconds=5))
    row = Recording.objects.get(pk=row.pk)
    assert (row.state, row.failures) == ("checking", [])
    assert "recording.interrupted" in row.flags
    assert {"sound.silent", "picture.hole", "sound.hole", "coverage.low", "sentence.outside"} & set(row.flags) == set()
    assert [part.state for part in row.parts.order_by("number")] == ["done", "done"]
    marks = queries.marks_of(row)
    assert [marks[n].part.number for n in range(5)] == [1, 1, 2, 2, 2]
    watch_and_judge(camera, served, row, errors)

    asked = row.contract.values
    given = actions.permit_disbursement(factory.APPLICATION, asked, actor=factory.program(), now=now())
    assert (given.basis, given.recording_id) == ("recorded", row.pk)
    page.goto("/my/recordings/")
    page.click("details summary")
    assert "消保专员" in page.inner_text(".loans")
    assert errors == []
    context.close()


def watch_and_judge(camera: Browser, served: str, row: Recording, errors: list[str]) -> None:
    anna = factory.people()["anna"].user
    context = desk_of(camera, served, anna, is_strict=True)
    page = context.new_page()
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto("/staff/recordings/")
    shot(page, "5-list")
    page.goto(f"/staff/recordings/{row.pk}/")
    shot(page, "6-one")
    assert page.request.get(f"/staff/recordings/{row.pk}/film/1/").status == 403  # nobody plays it without a look
    page.fill("#id_reason", "质检")
    page.click("#watch .btn-primary")
    assert RecordingLook.objects.filter(recording=row, actor_id=anna.pk).count() == 1
    assert problems_of(page) == []
    jump_to(page, row, 3)
    shot(page, "7-watch")
    for flag in row.flags:
        page.check(f"[name='flag-{flag}'][value=fine]")
    page.check("[name=passed][value=yes]")
    page.fill("textarea[name=reason]", "逐句核对，一人朗读，与合同一致。")
    page.click("form[action$='decide/'] .btn-primary")
    page.wait_for_url("**/staff/recordings/")
    assert Recording.objects.get(pk=row.pk).state == "passed"
    assert problems_of(page) == []
    context.close()


def jump_to(page: Page, row: Recording, number: int) -> None:
    """A click on the mark of a sentence, and the film stands there and plays."""
    mark = queries.marks_of(row)[number]
    page.locator(".watch-marks li").nth(number).locator("button").click()
    film = f"[data-jike-film='{mark.part.number}']"
    page.wait_for_function(f'() => document.querySelector("{film}").currentTime > {mark.began_ms / 1000}')
    at = page.evaluate(f'() => document.querySelector("{film}").currentTime')
    assert mark.began_ms / 1000 <= at < mark.began_ms / 1000 + 3
    assert page.evaluate(f'() => document.querySelector("{film}").videoWidth') > 0
