"""How many statements the hottest requests take: a number that may fall and must not rise unseen."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import approvals
from cases.complaints import actions
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import NOW, write_down
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

FRAME = ("SAVEPOINT", "RELEASE")  # in production the outer one is BEGIN and COMMIT


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAME)]


def test_accepting_a_complaint(client: Client, cast: Cast) -> None:
    first, case = (factory.complaint(cast, at="claimed", phone=f"1390000000{n}") for n in range(2))
    sign_in(client, cast.handler.user)
    client.post(f"/staff/cases/{first.number}/accept/", {"key": "first", "version": str(first.version)})

    with CaptureQueriesContext(connection) as captured:
        client.post(f"/staff/cases/{case.number}/accept/", {"key": "second", "version": str(case.version)})

    case.refresh_from_db()
    assert case.state == "investigating"
    assert len(statements(captured)) <= 11, "\n".join(statements(captured))


def test_filing_in_the_portal(cast: Cast) -> None:
    found = []
    for n in range(2):
        client = Client()
        with pinned(NOW):
            page = write_down(client, phone=f"1380013800{n}")
            with CaptureQueriesContext(connection) as captured:
                client.post("/complain/send/", {"token": page.context["draft"].token})
        found = statements(captured)
    assert len(found) <= 11, "\n".join(found)


def test_what_waits_is_read_once_and_anew_after_a_vote(cast: Cast, django_assert_num_queries) -> None:
    case = factory.complaint(cast, at="deciding")
    with django_assert_num_queries(2):  # what the case has at all, what waits
        assert approvals.waiting_for(case, "complaints.approve_decision")
        assert approvals.waiting_for(case, "complaints.confirm_decline") is None

    payload = bytes(case.open_approvals[0].payload_sha256).hex()
    decided = actions.approve_decision(
        case, actor=cast.supervisor.actor, now=RECEIVED.replace(hour=23), payload=payload
    )
    assert decided.open_approvals == []
