"""Every page of the portal under axe-core (vendored, 4.12.1, MPL-2.0): on a 320 px screen, at 200 % zoom, and with text half as large again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import get_resolver
from playwright.sync_api import Browser, Page, ViewportSize

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.complaints.portal.urls import urlpatterns
from cases.starter import ensure_starter_data
from jike.base.dates import now
from tests.complaints.portal_walk import STORY
from tests.e2e.desk import AXE
from tests.e2e.visits import session_of
from tests.factories import complaints as factory
from tests.people import Cast
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser

QUESTIONS = [f"q/{code}/" for code in STORY if code != "matter"]
WIZARD = ["", *QUESTIONS, "papers/", "you/", "code/", "loan/", "same/", "added/", "check/", "receipt/", "resume/code/"]
CASE = ("", "papers/", "copies/", "asked/", "seen/", "withdraw/", "phone/", "phone/code/")
BESIDE = ("after/facts/", "after/agent/", "after/recusal/")
DECIDED = ("", "withdraw/", "after/accept/", "after/contest/", "after/survey/", "after/review/", "after/reopen/")
SCREENS: dict[str, list[ViewportSize]] = {
    "320 px and 200 % zoom": [{"width": 320, "height": 740}, {"width": 320, "height": 370}],
    "large text": [{"width": 360, "height": 740}],
}
ADDRESSED_ONLY = {
    "complain_paper_remove", "complain_paper_picture", "complain_again", "complain_send", "complain_discard", "complain_save",
    "complain_resume_phone", "track_again", "sign_out", "case_message", "case_picture", "case_asked_all", "case_phone_again",
    "case_letter", "case_copy", "complain_upload_new", "complain_upload", "case_upload_new", "case_upload",
}  # fmt: skip
"""Addresses that answer with no page of their own: pictures, files, and what is only posted to."""


@pytest.fixture(params=list(SCREENS))
def page(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Page]:
    ensure_starter_data(now())
    context = browser.new_context(base_url=served, locale="zh-CN", bypass_csp=True)
    if request.param == "large text":
        context.add_cookies([{"name": "jike_large_text", "value": "yes", "url": served}])
    found = context.new_page()
    found.seen, found.screens = set(), SCREENS[request.param]
    yield found
    context.close()


def faults_on(page: Page, path: str) -> list[str]:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, (path, answer.status)
    assert page.url.endswith(path), (path, page.url)
    page.seen.add(get_resolver("jike.urls").resolve(path).url_name)
    page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
    page.evaluate(AXE)
    return [fault for screen in page.screens for fault in _faults_at(page, path, screen)]


def _faults_at(page: Page, path: str, screen: ViewportSize) -> Iterator[str]:
    page.set_viewport_size(screen)
    for fault in page.evaluate("axe.run()")["violations"]:
        if fault["impact"] in ("serious", "critical"):
            yield from (f"{path}: {fault['id']} {node['target']}" for node in fault["nodes"])
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{path}: wider than the screen"


def asked_case(cast: Cast) -> Complaint:
    case = factory.complaint(cast, at="claimed", now=now() - timedelta(hours=3))
    case = actions.ask_supplement(
        case, actor=cast.handler.actor, now=now() - timedelta(hours=1), others="收款收据：核对付款金额"
    )
    factory.examined(case)
    case = actions.register_evidence(case, actor=cast.handler.actor, now=now())
    factory.bundled(case, "consumer", now())
    agent = {"name": "阿卜杜拉·买买提·艾力·吐尔逊江", "phone": "13900139000"}
    return actions.appoint_agent(case, actor=factory.consumer_of(case), now=now(), **agent)


def told_cases(cast: Cast) -> Iterator[Complaint]:
    """A branch's decision just told, one that was contested, one of the head office that is closed, and one withdrawn."""
    at = now() - timedelta(days=1)
    yield factory.of_branch(cast, at="notified", now=at)
    case = factory.of_branch(cast, at="notified", now=at)
    yield actions.contest_decision(case, actor=factory.consumer_of(case), now=now(), words="第九条没有提示。")
    yield factory.complaint(cast, at="closed", now=at)
    yield factory.complaint(cast, at="withdrawn", now=at)


def test_no_page_has_a_serious_fault(page: Page, served: str) -> None:
    cast = make_cast()
    case = asked_case(cast)
    session_of(page, served, case)
    paths = ["/", "/track/", "/track/code/", "/track/lost/", "/track/lost/code/", "/track/lost/done/", "/verify/"]
    paths += ["/complain/resume/2222-2222-2222-2222/", *(f"/complain/{path}" for path in WIZARD)]
    found = [fault for path in paths for fault in faults_on(page, path)]
    found += [fault for path in (*CASE, *BESIDE) for fault in faults_on(page, f"/track/{case.number}/{path}")]
    assert found == []

    names = {pattern.name for pattern in urlpatterns} - ADDRESSED_ONLY
    assert names - page.seen == set()


def test_no_page_after_the_decision_has_a_serious_fault(page: Page, served: str) -> None:
    found = []
    for case in told_cases(make_cast()):
        session_of(page, served, case)
        found += [fault for path in DECIDED for fault in faults_on(page, f"/track/{case.number}/{path}")]
    assert found == []
