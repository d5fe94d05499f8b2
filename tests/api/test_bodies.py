"""Bodies of verbs: what the document does not allow is malformed, what only this case does not take is refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cases.models import Event
from jike.api.schema import document
from tests.api.conftest import Program
from tests.factories import complaints as factory
from tests.people import Cast

CASES = "/api/v1/cases/"
NOBODY = str(uuid.UUID(int=7))
AN_HOUR = "2026-09-28T10:00:00+08:00"
SOURCE = {"name": "12378", "external_id": "1", "received_at": AN_HOUR}


@pytest.fixture
def mine(cast: Cast, program: Any) -> tuple[Program, str]:
    visitor, case = program(), factory.file()
    visitor.post(f"{CASES}{case.number}/verbs/claim/")
    return visitor, case.number


def body_of(verb: str) -> dict[str, Any]:
    path = document()["paths"]["/api/v1/cases/{number}/verbs/" + verb + "/"]
    return path["post"]["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("finish_task", {"task": NOBODY}, 409, "task.invalid_choice"),
        ("finish_task", {"task": "key"}, 400, "task.invalid"),
        ("unlink", {"link": NOBODY}, 409, "link.invalid_choice"),
        ("reply_source", {"source": NOBODY, "text": "x"}, 409, "source.invalid_choice"),
        ("reply_source", {"source": "key", "text": "x"}, 400, "source.invalid"),
        ("message", {"channel": "email", "text": "x"}, 409, "channel.invalid_choice"),
        ("message", {"channel": "pigeon", "text": "x"}, 400, "channel.invalid_choice"),
        ("flag", {"flags": ["crime"], "version": 314607.0}, 409, "case.changed"),
        ("flag", {"flags": ["crime"], "version": 1.5}, 400, "version.wrong_type"),
        ("flag", {"flags": ["crime"], "version": True}, 400, "version.wrong_type"),
        ("correct_facts", {"merchant": "没有这家店", "reason": "x"}, 409, "merchant.not_found"),
        ("flag", {"flags": []}, 400, "flags.required"),
        ("flag", {"flags": ["crime", "crime"]}, 400, "flags.wrong_type"),
        ("flag", {"flags": ["love"]}, 400, "flags.invalid_choice"),
        ("add_source", SOURCE | {"received_at": "0917-06-06T10:00:00Z"}, 409, "received_at.out_of_range"),
        ("add_source", SOURCE | {"received_at": "9999-12-31T23:59:59-12:00"}, 409, "received_at.out_of_range"),
        ("add_source", SOURCE | {"received_at": "2026-09-28 10:00"}, 400, "received_at.wrong_type"),
        ("add_source", SOURCE | {"received_at": "2026-09-28T10:00:00"}, 400, "received_at.wrong_type"),
        ("agree_deadline", {"due_on": "0206-01-01", "evidence": "x", "paper": NOBODY}, 409, "due_on.out_of_range"),
        ("agree_deadline", {"due_on": "20261001", "evidence": "x", "paper": NOBODY}, 400, "due_on.wrong_type"),
    ],
)
def test_a_wrong_shape_is_malformed_and_a_right_one_refused(
    mine: tuple[Program, str], verb: str, body: dict[str, Any], status: int, code: str
) -> None:
    visitor, number = mine
    before = Event.objects.count()

    answer = visitor.post(f"{CASES}{number}/verbs/{verb}/", body)

    assert answer.status_code == status, answer.content
    assert code in [blocker["code"] for blocker in answer.json()["blockers"]]
    assert Event.objects.count() == before


def test_a_field_that_only_other_cases_ask_is_refused_and_a_strange_one_malformed(mine: tuple[Program, str]) -> None:
    visitor, number = mine
    row = next(r for r in visitor.get(f"{CASES}{number}/verbs/").json()["results"] if r["verb"] == "classify")
    assert "reason" not in row["input"]["properties"] and "reason" in body_of("classify")["properties"]
    body = {name: row["input"]["properties"][name]["enum"][0] for name in ("business_code", "cause_code")}

    def code_of(**more: Any) -> tuple[int, str]:
        answer = visitor.post(f"{CASES}{number}/verbs/classify/", body | more)
        return answer.status_code, answer.json()["blockers"][0]["code"]

    assert code_of(reason="x") == (409, "reason.not_asked")
    assert code_of(reason=5) == (400, "reason.not_asked")
    assert code_of(colour="x") == (400, "field.unknown")


def test_an_instant_with_its_offset_is_taken(mine: tuple[Program, str]) -> None:
    visitor, number = mine

    answer = visitor.post(f"{CASES}{number}/verbs/add_source/", SOURCE | {"received_at": "2026-09-28T10:00:00.5+08:00"})

    assert answer.status_code == 200, answer.content


def test_the_document_gives_the_shape_of_every_reference() -> None:
    for verb, name in {
        "agree_deadline": "paper", "confirm_redress": "promise", "finish_task": "task", "join_mass": "event", "record_post": "letter",
        "reply_source": "source", "skip_task": "task", "unlink": "link", "verify_authority": "party",
    }.items():  # fmt: skip
        assert body_of(verb)["properties"][name]["format"] == "uuid", verb
    assert body_of("flag")["properties"]["flags"]["minItems"] == 1
    assert document()["components"]["schemas"]["PaperGivenRequest"]["properties"]["file"]["minLength"] == 1


def test_the_document_says_whose_body_a_verb_of_two_kinds_has() -> None:
    bodies = {body["title"]: body for body in body_of("notify")["anyOf"]}

    assert set(bodies) == {"complaints.notify", "inquiries.notify"}
    assert "number_called" in bodies["complaints.notify"]["properties"]
    assert "number_called" not in bodies["inquiries.notify"]["properties"]
    assert "TS" in bodies["complaints.notify"]["description"] and "ZX" in bodies["inquiries.notify"]["description"]
    assert "anyOf" not in body_of("claim")
