"""B-09: from the commit of the recusal on, no route of the case answers the recused person, under 500 parallel reads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from cases.complaints import actions
from cases.starter import ensure_starter_data
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.people import cast as make_cast
from tests.security.test_other_peoples_cases import VERBS, addresses, answer

READS, THREADS = 500, 12
LISTS = (
    "/staff/queue/",
    "/staff/queue/team/",
    "/staff/queue/unassigned/",
    "/staff/queue/approval/",
    "/staff/approvals/",
)


@pytest.fixture
def committed(own_database: str) -> Cast:
    ensure_starter_data(RECEIVED)
    return make_cast()


@pytest.mark.parametrize("who", ["handler", "supervisor"])
def test_no_read_succeeds_after_the_recusal_is_committed(who: str, committed: Cast) -> None:
    case = factory.complaint(committed, at="deciding" if who == "supervisor" else "issued")
    member = getattr(committed, who)
    paths = [f"/staff/cases/{case.number}/"]
    paths += [path.format(number=case.number) for _, path in addresses(case, "staff", VERBS)] + list(LISTS)
    session = sign_in(Client(), member.user).cookies
    readable, answers = threading.Event(), []

    def read(n: int) -> None:
        client = Client()
        client.cookies = session
        path = paths[n % len(paths)]
        try:
            at = time.monotonic()
            response = client.get(path)
            shown = case.number in response.content.decode(errors="ignore")
            answers.append((at, path, response.status_code, shown))
            if response.status_code == 200 and shown:
                readable.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        reads = [pool.submit(read, n) for n in range(READS)]
        assert readable.wait(60), "nothing was readable before: a vacuous test"
        actions.recuse_oneself(case, actor=member.actor, now=RECEIVED, ground="interest", reason="x")
        committed_at = time.monotonic()
        for done in reads:
            done.result()

    after = [a for a in answers if a[0] >= committed_at]
    assert len(answers) == READS and len(after) > 300
    assert [a for a in after if a[2] not in (404, 405) and a[1] not in LISTS] == []
    assert [a for a in after if a[1] in LISTS and (a[2] != 200 or a[3])] == []


def test_recused_visitor_learns_nothing_by_any_method(committed: Cast) -> None:
    """The same answers as for a number nobody has: GET, POST and all the others, also for a supervisor of the unit."""
    case = factory.complaint(committed, at="issued")
    for who in ("handler", "supervisor", "executive", "twin"):
        member = getattr(committed, who)
        if who != "twin":
            actions.recuse_oneself(case, actor=member.actor, now=RECEIVED, ground="interest", reason="x")
        client = sign_in(Client(), member.user)
        for _route, path in addresses(case, "staff", VERBS):
            for method in ("get", "post", "head", "put", "delete", "options"):
                theirs, nobodys = (answer(client, method, path, number) for number in (case.number, "TS20260928-99999"))
                assert theirs == nobodys, (who, method, path)
                assert theirs[0] in (404, 405), (who, method, path)
        found = client.get("/staff/find/", {"q": case.number}).headers["Location"]
        assert found == f"/staff/queue/all/?q={case.number}"  # a search like any other, and it finds nothing
        assert f"/staff/cases/{case.number}/" not in client.get(found).content.decode()
