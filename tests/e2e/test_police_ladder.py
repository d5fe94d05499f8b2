"""A complaint becomes a police report: asked for by the consumer on a phone, prepared, let out by a second person, reported with a receipt,
refused, and reconsidered. Consumer, handler and supervisor in three browsers at once.

With `JIKE_SHOTS` set to a folder every step leaves its picture there.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from cases.kinds import kind_of_number
from cases.police import actions
from cases.police.models import PoliceReport
from cases.portal import sessions
from cases.starter import ensure_starter_data
from jike.accounts.spaces import PORTAL
from jike.base.dates import cst_date, now, pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.verbs import verb_named
from jike.web.sessions import PortalStore
from tests.e2e.desk import desk_of
from tests.e2e.test_ladder import SHOTS, newest_code, press, shot
from tests.factories import police as factory
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser


def act(desk: Page, number: str, verb: str, **fields: Any) -> None:
    """Open the form of a verb, fill it in as people do, and send it."""
    desk.goto(f"/staff/cases/{number}/{verb}/")
    for name, value in fields.items():
        field = desk.locator(f"#id_{name}")
        if field.count() and field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(index=value) if isinstance(value, int) else field.select_option(value)
        elif field.count() and field.evaluate("e => e.tagName") != "DIV":
            field.fill(str(value))
        else:
            desk.check(f'input[name="{name}"][value="{value}"]')
    press(desk, label_of(number, verb))


def label_of(number: str, verb: str) -> str:
    """The words of the button, as people read them."""
    area = kind_of_number(number).area  # type: ignore[union-attr]
    with override("zh-hans"):
        return str(verb_named(f"{area}.{verb}").label)


def test_from_the_consumers_wish_to_a_receipt_a_refusal_and_its_reconsideration(browser: Browser, served: str) -> None:
    ensure_starter_data(now())
    cast = make_cast()
    origin = factory.complaint(cast, now=now() - timedelta(days=1))
    phone = {"viewport": {"width": 360, "height": 760}, "locale": "zh-CN", "bypass_csp": True}
    consumer = browser.new_context(**phone, base_url=served).new_page()
    store = PortalStore()
    sessions.open_case(store, origin, now=now())
    store.save()
    consumer.context.add_cookies([{"name": PORTAL.session_cookie, "value": str(store.session_key), "url": served}])
    desk = desk_of(browser, served, cast.handler.user).new_page()
    chief = desk_of(browser, served, cast.supervisor.user).new_page()
    today = cst_date(now()).isoformat()

    # The consumer asks by one question; the report stands on the ladder of the complaint.
    consumer.goto(f"/track/{origin.number}/")
    shot(consumer, "police-1-helps")
    with consumer.expect_navigation():
        consumer.get_by_role("link", name="协助刑事报案").click()
    consumer.check('input[name="capacity"][value="accuser"]')
    shot(consumer, "police-2-question")
    press(consumer, "协助刑事报案")
    case = PoliceReport.objects.get(origin=origin)
    assert case.number in consumer.inner_text(".ladder")
    with consumer.expect_navigation():
        consumer.click(".ladder a")
    shot(consumer, "police-3-asked")

    # The handler prepares: losses and the statement.
    desk.goto(f"/staff/cases/{case.number}/")
    shot(desk, "police-4-desk")
    actions.begin(PoliceReport.objects.get(pk=case.pk), actor=cast.handler.actor, now=now())
    act(
        desk,
        case.number,
        "add_loss",
        occurred_on="2026-08-03",
        amount_cny="12600",
        payee="示例培训中心 尾号 8812",
        channel="loan",
    )
    act(desk, case.number, "draft_statement", facts=factory.FACTS, suspects=factory.SUSPECTS)
    jobs.run_due()

    # The consumer reads it with its losses and confirms it by a code to the own phone.
    consumer.reload()
    shot(consumer, "police-5-bring")
    with consumer.expect_navigation():
        consumer.get_by_role("link", name="阅读并确认陈述").click()
    assert re.search(r"12,?600\.00", consumer.inner_text("main")) and "蒋某" in consumer.inner_text("main")
    shot(consumer, "police-6-statement")
    with consumer.expect_navigation():
        consumer.locator("main form button.btn-primary").click()
    consumer.fill("#id_code", newest_code())
    shot(consumer, "police-7-code")
    with consumer.expect_navigation():
        consumer.locator("main form button.btn-primary").first.click()
    assert PoliceReport.objects.get(pk=case.pk).is_statement_confirmed

    # Every paper settled, complete, packed; let out by another person; handed over.
    act(desk, case.number, "settle_material", material=1, state="have", note="在消费者处")
    factory.settle_all(PoliceReport.objects.get(pk=case.pk), cast, now())
    desk.goto(f"/staff/cases/{case.number}/")
    shot(desk, "police-8-prepared")
    actions.mark_ready(PoliceReport.objects.get(pk=case.pk), actor=cast.handler.actor, now=now())
    act(desk, case.number, "build_pack", **factory.PACK)
    jobs.run_due()
    act(desk, case.number, "ask_pack_release", pack=1)
    chief.goto(f"/staff/cases/{case.number}/release_pack/")
    chief.check('input[name="verdict"][value="approved"]')
    shot(chief, "police-9-vote")
    press(chief, label_of(case.number, "release_pack"))
    desk.goto(f"/staff/cases/{case.number}/packs/")
    desk.locator('input[name="given_to"]').fill("李警官 警号 012345")
    shot(desk, "police-10-packs")
    with desk.expect_download() as download:
        desk.locator(".bundle-out button").first.click()
    paper = Path(download.value.path()).read_bytes()
    assert paper.startswith(b"%PDF")
    if SHOTS:
        (Path(SHOTS) / "pack.pdf").write_bytes(paper)

    # Reported with its receipt; three days later both are reminded to ask.
    act(desk, case.number, "record_report", **factory.REPORT, accepted_on=today)
    jobs.run_due()
    consumer.goto(f"/track/{case.number}/")
    assert factory.REPORT["receipt_no"] in consumer.inner_text("main")
    shot(consumer, "police-11-reported")
    for job in Job.objects.filter(subject=case.pk, topic="police.remind").order_by("due_at")[:1]:
        with pinned(job.due_at + timedelta(minutes=1)):
            jobs.run_job(job.pk)
    assert PoliceReport.objects.get(pk=case.pk).events.filter(verb="police.remind").exists()

    # Refused: the consumer reads the strict last day, and it is reconsidered.
    act(desk, case.number, "record_refusal", refusal_no="东公不立字〔2026〕9号", received_on=today)
    jobs.run_due()
    consumer.reload()
    strict = cst_date(now()) + timedelta(days=7)
    assert f"{strict.month}月{strict.day}日" in consumer.inner_text("main")
    shot(consumer, "police-12-refused")
    desk.goto(f"/staff/cases/{case.number}/")
    shot(desk, "police-13-days")
    act(desk, case.number, "ask_reconsideration", asked_on=today, evidence="复议申请书，EMS 1234")
    consumer.reload()
    shot(consumer, "police-14-reconsidering")
    assert PoliceReport.objects.get(pk=case.pk).state == "reconsidering"
