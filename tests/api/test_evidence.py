"""Papers through the API: sent as a form, judged and sealed like any other, listed with their hashes, and done once."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.attachments.models import Attachment
from cases.models import Event
from jike.api.models import Answer
from jike.files import store
from jike.files.models import StoredFile
from jike.privacy import open_sealed
from tests.api.conftest import Program
from tests.attachments.samples import PDF
from tests.factories import complaints as factory
from tests.people import Cast


def paper(content: bytes | None = None, name: str = "分期合同.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF if content is None else content, "application/pdf")


def send(visitor: Program, number: str, *, once: str = "e1", **parts: Any) -> Any:
    headers = visitor.headers() | {"Idempotency-Key": once}
    return visitor.client.post(f"/api/v1/cases/{number}/evidence/", parts or {"file": paper()}, headers=headers)


@pytest.fixture
def mine(cast: Cast, program: Any) -> tuple[Program, str]:
    visitor, case = program(), factory.file()
    visitor.post(f"/api/v1/cases/{case.number}/verbs/claim/")
    return visitor, case.number


def test_a_paper_is_added_sealed_and_listed(mine: tuple[Program, str]) -> None:
    visitor, number = mine

    answer = send(visitor, number, file=paper(), about="evidence")

    assert answer.status_code == 201, answer.json()
    row = Attachment.objects.select_related("file").get()
    digest = hashlib.sha256(PDF).hexdigest()
    assert answer.json() | {"at": ""} == {
        "id": str(row.pk), "name": "分期合同.pdf", "size": len(PDF), "sha256": digest, "at": "",
        "standing": "waiting", "reasons": [], "kind": "", "pages": None,
    }  # fmt: skip
    assert store.read(row.file) == PDF and open_sealed(row, "name") == "分期合同.pdf"
    assert Event.objects.get(verb="complaints.attach").data["sha256"] == digest
    assert visitor.get(f"/api/v1/cases/{number}/evidence/").json()["results"] == [answer.json()]


def test_the_same_request_again_adds_nothing_and_another_file_is_refused(mine: tuple[Program, str]) -> None:
    visitor, number = mine
    first, again = send(visitor, number), send(visitor, number)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content and again.headers["Idempotency-Replayed"] == "true"
    assert send(visitor, number, file=paper(PDF + b"\n")).status_code == 422
    assert Attachment.objects.count() == Event.objects.filter(verb="complaints.attach").count() == 1
    assert Answer.objects.filter(status=201).count() == 1


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ({"file": paper(b"MZ not a paper", "a.exe")}, 409, "paper.program"),
        ({"file": paper(bytes(range(256)), "a.dat")}, 409, "paper.kind_unknown"),
        ({"file": paper(b"")}, 409, "paper.empty"),
        ({"about": "evidence"}, 400, "file.required"),
        ({"file": "text"}, 400, "file.invalid"),
        ({"file": paper(), "about": "love letter"}, 400, "about.invalid_choice"),
        ({"file": paper(), "state": "closed"}, 400, "field.unknown"),
        ({"file": [paper(), paper()]}, 400, "file.invalid"),
    ],
)
def test_what_is_no_paper_is_refused_and_nothing_stored(
    mine: tuple[Program, str], parts: dict[str, Any], status: int, code: str
) -> None:
    visitor, number = mine

    answer = send(visitor, number, **parts)

    assert (answer.status_code, [b["code"] for b in answer.json()["blockers"]]) == (status, [code])
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Attachment.objects.exists() and not StoredFile.objects.exists()


def test_json_is_no_form_and_a_form_is_no_json(mine: tuple[Program, str]) -> None:
    visitor, number = mine
    wrong = visitor.post(f"/api/v1/cases/{number}/evidence/", {"file": "x"})
    other = visitor.client.post(
        f"/api/v1/cases/{number}/verbs/note/", {"text": "x"}, headers=visitor.headers() | {"Idempotency-Key": "k"}
    )

    assert (wrong.status_code, wrong.json()["code"]) == (415, "body.not_form")
    assert (other.status_code, other.json()["code"]) == (415, "body.not_json")


def test_files_may_be_large_and_nothing_else_may(mine: tuple[Program, str]) -> None:
    visitor, number = mine

    assert send(visitor, number, file=paper(PDF + b"%" * (1024 * 1024))).status_code == 201
    assert send(visitor, number, once="e2", file=paper(b"%PDF-1.7" + b"x" * (21 * 1024 * 1024))).status_code == 413
    assert visitor.post(f"/api/v1/cases/{number}/verbs/note/", {"text": "x" * 300_000}).status_code == 413


def test_who_does_not_handle_the_case_adds_nothing(cast: Cast, program: Any) -> None:
    visitor, case = program(), factory.file()

    assert send(visitor, case.number).status_code == 403
    assert send(visitor, "TS20260928-99999").status_code == 404
    assert not StoredFile.objects.exists(), "judged before anything was stored"


def test_a_key_needs_the_scope_to_add_and_to_read_names(cast: Cast, program: Any) -> None:
    reader, writer = program("cases.read"), program("cases.read", "complaints.attach", "complaints.claim")
    case = factory.file()
    writer.post(f"/api/v1/cases/{case.number}/verbs/claim/")

    assert send(writer, case.number).status_code == 201
    assert writer.get(f"/api/v1/cases/{case.number}/evidence/").json()["results"][0]["name"] is None
    assert send(reader, case.number).status_code in (403, 404)
    assert Attachment.objects.count() == 1
