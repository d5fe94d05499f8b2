"""Returns and loans over the API: masked lists, the whole return for whoever sees it, nothing for anybody else."""

from __future__ import annotations

import pytest
from django.test import Client

from jike.accounts.roles import actor_of
from jike.base.ids import uuid7
from refunds import actions
from refunds.models import Refund
from tests.accounts.signing_in import sign_in
from tests.api.conftest import EVERYTHING, make_program
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast

SCOPES = (*EVERYTHING, "refunds.read", "loans.read")


def test_returns_are_listed_masked_and_read_whole_by_their_handler(cast: Cast) -> None:
    case = factory.a_return(cast, at="eligible")
    program = make_program(*SCOPES)
    listed = program.get("/api/v1/refunds/").json()["results"]
    assert [(row["number"], row["kind"], row["consumer"]) for row in listed] == [
        (case.number, "refund", case.consumer_mask)
    ]
    masked = program.get(f"/api/v1/refunds/{case.number}/").json()
    assert (masked["sight"], masked["legs"], masked["screenings"]) == ("masked", [], [])

    actions.claim_return(case, actor=actor_of(program.key.owner), now=ASKED)
    case = actions.reverse(case, actor=factory.MACHINE, now=ASKED)
    whole = program.get(f"/api/v1/refunds/{case.number}/").json()

    assert (whole["consumer_cost_cny"], whole["to_consumer_cny"], whole["basis"]) == ("0.00", "300.00", "full")
    assert [leg["kind"] for leg in whole["legs"]] == [leg.kind for leg in factory.fresh(case).known_legs]
    assert "5678" not in str(whole), "no account leaves by the API"
    assert [row["outcome"] for row in whole["screenings"]] == ["eligible"]


def test_own_work_is_not_approved_by_a_session_either(cast: Cast, client: Client) -> None:
    case = factory.a_return(cast, at="proposed")
    body = {"verdict": "approved", "payload": factory.payload_of(case)}
    path = f"/api/v1/cases/{case.number}/verbs/approve/"
    for user, status in ((cast.twin.user, 403), (cast.supervisor.user, 200)):
        sign_in(client, user)  # the test client is trusted: no forgery token
        headers = {"Idempotency-Key": f"k-{user.username}"}
        answer = client.post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content
    assert factory.fresh(case).released


def test_a_loan_tells_until_when_it_may_be_returned_to_whoever_sees_its_cases(cast: Cast) -> None:
    case = factory.requested()
    other = factory.loan(external_id="JK-2", contract_no="HT-2")
    program = make_program(*SCOPES)

    assert [row["number"] for row in program.get("/api/v1/loans/").json()["results"]] == [case.loan.number]
    loan = program.get(f"/api/v1/loans/{case.loan.number}/").json()
    assert (loan["return_until"], loan["returns"], loan["borrower"]) == (
        "2026-11-23T23:59:59+08:00", [case.number], case.consumer_mask,
    )  # fmt: skip
    for number in (other.number, "nobody", "x" * 60):
        assert program.get(f"/api/v1/loans/{number}/").status_code == 404
    stranger = make_program(*SCOPES, unit=cast.other_unit)
    assert stranger.get("/api/v1/loans/").json()["results"] == []
    assert stranger.get(f"/api/v1/loans/{case.loan.number}/").status_code == 404
    assert stranger.get(f"/api/v1/refunds/{case.number}/").status_code == 404
    narrow = make_program("complaints.read")
    assert narrow.get("/api/v1/loans/").status_code == 403
    assert narrow.get(f"/api/v1/refunds/TD20261120-{uuid7().int % 90000:05d}/").status_code == 404


@pytest.mark.rule("R33")
def test_a_request_by_telephone_is_taken_once_as_of_when_it_was_made(cast: Cast) -> None:
    loan = factory.loan()
    program = make_program(*SCOPES, "refunds.request", role="integration")
    asked = {"loan": loan.number, "evidence": "录音 20261120-7", "received_at": ASKED.isoformat()}
    assert program.post("/api/v1/refunds/", asked).json()["blockers"][0]["code"] == "backdated.missing"
    asked |= {"backdated": "passed_on"}

    answers = [program.post("/api/v1/refunds/", asked, once="call-7") for _n in range(2)]

    case = Refund.objects.get()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (case.received_at, case.source_channel, case.consumer_id) == (ASKED, "phone", loan.person_id)
    assert program.post("/api/v1/refunds/", asked).json()["blockers"][0]["code"] == "return.open"
    assert program.post("/api/v1/refunds/", asked | {"loan": "nobody"}).status_code == 409
    assert program.post("/api/v1/refunds/", {"loan": loan.number}).status_code == 400
    assert make_program(*SCOPES).post("/api/v1/refunds/", asked).status_code == 403


def test_people_ask_only_for_loans_of_cases_they_see_and_the_number_of_a_return_is_for_whoever_sees_it(
    cast: Cast,
) -> None:
    hidden = factory.loan()
    person = make_program(*SCOPES, "refunds.request")
    asked = {"loan": hidden.number, "evidence": "录音 20261120-7"}
    unseen = person.post("/api/v1/refunds/", asked)
    unknown = person.post("/api/v1/refunds/", asked | {"loan": "nobody"})
    assert unseen.status_code == unknown.status_code == 409
    assert unseen.json()["blockers"] == unknown.json()["blockers"] and not Refund.objects.exists()

    case = factory.requested(hidden)
    program = make_program(*SCOPES, "refunds.request", role="integration", unit=cast.other_unit)
    (blocker,) = program.post("/api/v1/refunds/", asked).json()["blockers"]
    assert blocker["code"] == "return.open" and case.number not in str(blocker)
    own = make_program(*SCOPES, "refunds.request", role="integration")
    assert case.number in own.post("/api/v1/refunds/", asked).json()["blockers"][0]["message"]
