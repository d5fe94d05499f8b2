"""A handler and a supervisor at the workbench with nothing but the keyboard, and once without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Note, Task
from cases.starter import ensure_starter_data
from jike.base.dates import now
from tests.e2e.desk import Keyboard, desk_of
from tests.factories import complaints as factory
from tests.people import Cast
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(served: str) -> Cast:
    ensure_starter_data(now())
    return make_cast()


def test_a_handler_takes_and_accepts_cases_in_at_most_six_keys_each(browser: Browser, served: str, cast: Cast) -> None:
    for n in range(3):
        factory.file(phone=f"1390000{n:04}", now=now() - timedelta(hours=n + 1))
    desk = desk_of(browser, served, cast.handler.user)
    page = desk.new_page()
    keyboard = Keyboard(page)
    page.goto("/staff/queue/unassigned/")

    keyboard.press("j", "Enter")
    for _case in range(3):
        keyboard.press("e", "Enter", "d", "Enter", "j")

    states = set(Complaint.objects.values_list("state", "assignee__username"))
    assert states == {("investigating", "handler")}
    assert keyboard.pressed / 3 <= 6
    desk.close()


def test_the_keys_lead_back_to_the_line_to_the_chosen_cases_and_out_of_the_command_bar(
    browser: Browser, served: str, cast: Cast
) -> None:
    numbers = [
        factory.complaint(cast, at="claimed", phone=f"1390000{n:04}", now=now() - timedelta(hours=9 - n)).number
        for n in range(4)
    ]
    desk = desk_of(browser, served, cast.handler.user)
    page = desk.new_page()
    keyboard = Keyboard(page)
    page.goto("/staff/queue/mine/")

    keyboard.press("j", "j", "o", "j", "u")
    assert page.locator('[aria-selected="true"] a.number').inner_text() == numbers[2]
    keyboard.press("x", "j", "X", "b")
    assert page.inner_text("[data-jike-chosen]") == "2"
    assert page.evaluate("document.activeElement.name") == "verb"

    keyboard.press("Control+k")
    page.keyboard.type("逾期")
    page.wait_for_selector("[data-jike-palette] a[href$='/overdue/']")
    keyboard.press("Escape")
    assert not page.locator("[data-jike-palette]").is_visible()
    desk.close()


def test_a_supervisor_approves_and_returns_what_is_overdue(browser: Browser, served: str, cast: Cast) -> None:
    cases = [factory.complaint(cast, at="deciding", phone=f"1390000{n:04}") for n in range(3)]
    desk = desk_of(browser, served, cast.supervisor.user)
    page = desk.new_page()
    keyboard = Keyboard(page)
    page.goto("/staff/queue/overdue/")
    assert page.locator("[data-jike-row]").count() == 3

    page.goto("/staff/approvals/")
    keyboard.press("j", "Enter")
    assert "商户未提供合同约定的服务" in page.inner_text("main")
    keyboard.press("d", "Enter")
    assert page.url.endswith("approve_decision/?from=inbox")
    keyboard.press("b")
    page.fill("textarea", "请补充商户的说明。")
    keyboard.press("Tab", "Enter")
    assert page.url.endswith("approve_decision/?from=inbox")
    keyboard.press("d", "Enter")

    assert page.url.endswith("/staff/approvals/")
    found = {case.number: Complaint.objects.get(pk=case.pk).state for case in cases}
    assert sorted(found.values()) == ["decided", "decided", "investigating"]
    desk.close()


def send(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)


def test_everything_is_done_by_plain_forms_without_javascript(browser: Browser, served: str, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", now=now() - timedelta(hours=5))
    actions.add_task(case, actor=cast.handler.actor, now=now(), title="核对合同")
    desk = desk_of(browser, served, cast.handler.user, java_script_enabled=False)
    page = desk.new_page()
    page.goto("/staff/queue/mine/")
    send(page, "a.number")

    send(page, "a.btn[href$='/classify/']")
    page.select_option("#id_business_code", index=1)
    page.select_option("#id_cause_code", index=1)
    send(page, ".act button[type=submit]")
    assert "in=mine" in page.url
    send(page, "#panel-tasks form button")
    page.click("summary[data-jike-key=n]")
    page.fill("[data-audience=staff] textarea", "已电话核实。")
    send(page, "[data-audience=staff] form button[type=submit]")
    send(page, ".case-primary")
    send(page, ".act button[type=submit]")

    assert (Complaint.objects.get().state, Task.objects.get().ended_by, Note.objects.count()) == (
        "investigating",
        cast.handler.user,
        1,
    )
    assert page.locator("a[rel=next], .place .number").count() >= 1
    desk.close()
