"""The register of evidence for programs: read with hashes and gaps, kept through the verbs, custody with its ledger entries."""

from __future__ import annotations

from typing import Any

import pytest

from cases.complaints.models import Complaint
from cases.copies.models import Covering
from cases.evidence import custody
from cases.evidence.models import Item
from jike.base.dates import now
from tests.api.conftest import Program
from tests.factories import complaints as factory
from tests.people import Cast


@pytest.fixture
def mine(cast: Cast, program: Any) -> tuple[Program, str]:
    visitor, case = program(), factory.file()
    visitor.post(f"/api/v1/cases/{case.number}/verbs/claim/")
    for n in range(2):
        factory.examined(case, f"%PDF {n}".encode(), name=f"证据{n}.pdf", pages=2)
    return visitor, f"/api/v1/cases/{case.number}"


def items_of(visitor: Program, base: str) -> list[dict[str, Any]]:
    return visitor.get(f"{base}/evidence/").json()["register"]["items"]


def test_a_program_keeps_the_register_through_the_verbs(mine: tuple[Program, str]) -> None:
    visitor, base = mine
    assert visitor.get(f"{base}/evidence/").json()["register"] == {"locked_at": None, "items": []}

    assert visitor.post(f"{base}/verbs/register_evidence/").status_code == 200
    one, two = items_of(visitor, base)
    assert (one["number"], one["title"], one["page_to"], len(one["sm3"])) == ("1", "证据0.pdf", 2, 64)
    assert one["gaps"] == ["class", "proves", "summary", "form"] and one["captured_how"] == "file"

    words = {"item": one["id"], "evidence_class": "document", "title": "合同", "source": "消费者", "proves": "合同成立",
             "summary": "全文", "page_from": 1, "page_to": 2, "form": "copy"}  # fmt: skip
    assert visitor.post(f"{base}/verbs/describe_evidence/", words).status_code == 200
    answer = visitor.post(f"{base}/verbs/reorder_evidence/", {"order": [two["id"], one["id"]]})
    assert answer.status_code == 200, answer.json()
    assert visitor.post(f"{base}/verbs/lock_evidence/").status_code == 200

    second = items_of(visitor, base)[1]
    assert (second["id"], second["number"], second["proves"], second["gaps"]) == (one["id"], "2", "合同成立", [])
    assert visitor.get(f"{base}/evidence/").json()["register"]["locked_at"]
    answer = visitor.post(f"{base}/verbs/reorder_evidence/", {"order": [one["id"], two["id"]]})
    assert (answer.status_code, answer.json()["code"]) == (409, "list.locked")
    given = {"item": one["id"], "by": two["id"], "reason": "重复"}
    assert visitor.post(f"{base}/verbs/supersede_evidence/", given).status_code == 200
    assert [(row["superseded"], row["superseded_by"]) for row in items_of(visitor, base)] == [(False, ""), (True, "1")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"order": []}, 400, "order.required"),
        ({"order": "1"}, 400, "order.wrong_type"),
        ({"order": ["x"]}, 409, "order.invalid_choice"),
        ({}, 400, "order.required"),
    ],
)
def test_what_is_no_order_is_refused(mine: tuple[Program, str], body: Any, status: int, code: str) -> None:
    visitor, base = mine
    visitor.post(f"{base}/verbs/register_evidence/")

    answer = visitor.post(f"{base}/verbs/reorder_evidence/", body)
    assert "blockers" in answer.json(), answer.json()
    assert (answer.status_code, [b["code"] for b in answer.json()["blockers"]]) == (status, [code]), answer.json()


def test_custody_names_the_ledger_entry_of_each_row(mine: tuple[Program, str], cast: Cast) -> None:
    visitor, base = mine
    visitor.post(f"{base}/verbs/register_evidence/")
    item = Item.objects.get(number=1)
    custody.record(item.attachment, custody.Act.COPIED, actor=cast.handler.actor, reason="核对", now=now())

    rows = visitor.get(f"{base}/evidence/{item.pk}/custody/").json()["results"]
    assert [(row["seq"], row["act"], row["actor"], row["reason"]) for row in rows] == [
        (1, "collected", "consumer", ""), (2, "copied", "staff", "核对"),
    ]  # fmt: skip
    assert all(row["entry"] for row in rows)
    assert visitor.get(f"{base}/evidence/{item.case_id}/custody/").status_code == 404


def test_without_the_scope_for_words_there_are_numbers_and_hashes_only(cast: Cast, program: Any) -> None:
    visitor, case = program("cases.read", "complaints.*"), factory.file()
    base = f"/api/v1/cases/{case.number}"
    visitor.post(f"{base}/verbs/claim/")
    factory.examined(case)
    visitor.post(f"{base}/verbs/register_evidence/")

    (one,) = items_of(visitor, base)
    assert (one["title"], one["source"], one["proves"], one["device"]) == (None, None, None, None)
    assert one["number"] == "1" and len(one["sha256"]) == 64
    rows = visitor.get(f"{base}/evidence/{one['id']}/custody/").json()["results"]
    assert [row["reason"] for row in rows] == [None]


@pytest.mark.parametrize("role", ["handler", "legal"])
def test_whoever_does_not_see_the_case_whole_sees_no_register(
    mine: tuple[Program, str], program: Any, role: str
) -> None:
    visitor, base = mine
    visitor.post(f"{base}/verbs/register_evidence/")
    pk = items_of(visitor, base)[0]["id"]
    other = program("cases.read", "cases.words", role=role)

    answer = other.get(f"{base}/evidence/")
    assert answer.status_code == 404 or answer.json()["register"]["items"] == [], answer.json()
    assert other.get(f"{base}/evidence/{pk}/custody/").status_code == 404


def test_areas_to_cover_are_a_list_each_spelled_as_the_document_says(mine: tuple[Program, str]) -> None:
    visitor, base = mine
    visitor.post(f"{base}/verbs/register_evidence/")
    factory.paged(Complaint.objects.get(), count=1)
    one = items_of(visitor, base)[0]
    words = {"item": one["id"], "audience": "merchant"}

    def answer(areas: Any) -> tuple[int, list[str]]:
        found = visitor.post(f"{base}/verbs/redact_evidence/", words | {"areas": areas})
        return found.status_code, [blocker["code"] for blocker in found.json().get("blockers", [])]

    assert answer("1,0.1,0.1,0.5,0.2,phone") == (400, ["areas.wrong_type"])
    assert answer(["1,ten,0.1,0.5,0.2,phone"]) == (400, ["areas.wrong_type"])
    assert answer(["2,0.1,0.1,0.5,0.2,phone"]) == (409, ["areas.impossible"])
    assert answer(["1,0.1,0.1,0.5,0.2,phone", "1,0.1,0.5,0.5,0.2,other"]) == (200, [])
    assert [len(covering.areas) for covering in Covering.objects.all()] == [2]
