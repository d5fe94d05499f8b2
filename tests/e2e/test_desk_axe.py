"""Every page of the workbench under axe-core, on a 320 px screen, on a desk and at 200 % zoom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.desk.page import gates_of
from cases.starter import ensure_starter_data
from jike.accounts.models import User
from jike.base.dates import now
from tests.accounts.signing_in import sign_in
from tests.e2e.desk import desk_of, faults_on
from tests.factories import complaints as factory
from tests.people import Cast, staff
from tests.people import cast as make_cast
from tests.web.walking import routes

pytestmark = pytest.mark.browser

RAILS = ("team", "unassigned", "overdue", "all")
NARROW, ZOOMED, DESK = 320, 640, 1440  # a desk of 1,280 px at 200 % lays pages out like one of 640
POINTS = ("claimed", "investigating", "deciding", "issued", "notified", "supplementing", "reviewing")


@pytest.fixture
def cast(served: str) -> Cast:
    ensure_starter_data(now())
    return make_cast()


def whole_pages(people: list[User]) -> Iterator[tuple[User, str]]:
    """Every address below /staff/ without a parameter that is a page, with the first of `people` it opens for."""
    clients = [(user, sign_in(Client(), user)) for user in people]
    for route in routes():
        if not route.pattern.startswith("staff/") or "<" in route.pattern or route.name == "staff:sign_in":
            continue
        for user, client in clients:
            answer = client.get(f"/{route.pattern}")
            if answer.status_code == 200 and b"<!doctype html" in answer.content[:200]:
                yield user, f"/{route.pattern}"
                break


def busy_cases(cast: Cast) -> list[Complaint]:
    """A case in each of the states that show something of their own, one of them with tasks and a person without proof."""
    cases = [factory.complaint(cast, at=at, phone=f"1390000{n:04}") for n, at in enumerate(POINTS)]
    worked = cases[1]
    worked = actions.add_party(
        worked, actor=cast.handler.actor, now=now(), role="agent", name="李代理", phone="13700000000"
    )
    actions.add_task(worked, actor=cast.handler.actor, now=now(), title="核对合同", due_at=now() + timedelta(days=1))
    return cases


def with_bundles(case: Complaint, cast: Cast) -> Complaint:
    """A register with a gap, one bundle that is being made and one that waits for its release."""
    factory.examined(case, now=now(), name="一份名字很长很长的分期付款合同补充协议（第二次修订稿）扫描件.pdf")
    case = actions.register_evidence(case, actor=cast.handler.actor, now=now())
    factory.bundled(case, "court", now())
    return actions.build_bundle(case, actor=cast.handler.actor, now=now(), profile="consumer")


def case_pages(cast: Cast, cases: list[Complaint]) -> Iterator[tuple[User, str]]:
    """The page of each case, and once the form of each verb that is open to somebody."""
    seen: set[str] = set()
    for case in cases:
        for one in (cast.handler, cast.supervisor):
            if case.unit_id != one.user.unit_id:
                continue
            yield one.user, f"/staff/cases/{case.number}/"
            for gate in gates_of(case, one.actor, now=now()):
                if gate.is_open and gate.verb.name not in seen:
                    seen.add(gate.verb.name)
                    yield one.user, f"/staff/cases/{case.number}/{gate.verb.short_name}/"


def test_no_page_of_the_workbench_has_a_serious_fault(browser: Browser, served: str, cast: Cast) -> None:
    cases = busy_cases(cast)
    clerks = [staff("sec", "security_admin", unit=cast.unit).user, staff("sys", "system_admin", unit=cast.unit).user]
    wanted = [*whole_pages([cast.supervisor.user, cast.handler.user, *clerks]), *case_pages(cast, cases)]
    wanted += [(cast.handler.user, f"/staff/cases/{with_bundles(cases[0], cast).number}/bundles/")]
    wanted += [(cast.supervisor.user, f"/staff/queue/{rail}/") for rail in RAILS]

    found: list[str] = []
    for user in dict.fromkeys(user for user, _path in wanted):
        desk = desk_of(browser, served, user)
        page = desk.new_page()
        for path in (path for one, path in wanted if one == user):
            is_form = path.count("/") >= 6  # a form is the same at every width; the narrowest one is the hard one
            found += faults_on(page, path, (NARROW,) if is_form else (DESK, ZOOMED, NARROW))
        desk.close()
    assert len(wanted) > 60
    assert "\n".join(found) == ""
