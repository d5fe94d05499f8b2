"""Filing through the API, the reference lists, limits, and the examples of the guide."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.complaints.models import Complaint
from jike.base.dates import now, pinned
from jike.privacy import open_sealed
from lending.models import Merchant
from tests.api.conftest import Program, make_program
from tests.attachments.samples import PDF
from tests.factories import complaints as factory
from tests.people import Cast

COMPLAINTS = "/api/v1/complaints/"
GIVEN: dict[str, Any] = {"name": "欧阳靖宇", "phone": "13987650001", "claim": "退款", "narrative": "商户停业。"}


@pytest.fixture
def filer(cast: Cast) -> Program:
    cache.clear()
    return make_program("complaints.file", "complaints.read", role="integration")


def test_a_complaint_is_filed_once_and_its_receipt_code_stays_here(filer: Program) -> None:
    merchant = Merchant.objects.first()
    body = {
        **GIVEN,
        "merchant": merchant.uscc,
        "amount_cny": "4800.50",
        "channel": "phone",
        "source": {"name": "crm", "id": "K-1"},
    }

    first, again = (filer.post(COMPLAINTS, body, once="f1") for _time in range(2))

    assert first.status_code == 201
    assert first.content == again.content
    case = Complaint.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/api/v1/cases/{case.number}/"
    assert set(first.json()) == {"number", "state", "version", "received_at", "next_due_at", "next_due_code"}
    assert (case.merchant, str(case.amount_cny), case.source_channel) == (merchant, "4800.50", "phone")
    assert open_sealed(case, "narrative") == GIVEN["narrative"]
    assert open_sealed(case, "receipt_code") not in first.content.decode()
    known = filer.post(COMPLAINTS, body)
    assert (known.status_code, known.json()["code"]) == (409, "source.known")
    assert [row["number"] for row in filer.get(COMPLAINTS).json()["results"]] == [case.number]
    assert filer.get(f"{COMPLAINTS}{case.number}/").json()["words"] is None


@pytest.mark.parametrize(
    ("change", "status", "fields"),
    [
        ({"phone": "123"}, 400, ["phone"]), ({"name": " "}, 400, ["name"]), ({"name": 5}, 400, ["name"]), ({"colour": 1, "state": "closed"}, 400, ["colour", "state"]),
        ({"source": {"name": "crm"}}, 400, ["source.id"]), ({"source": {"name": "crm", "id": "1", "x": 1}}, 400, ["source.x"]),
        ({"amount_cny": "-1"}, 400, ["amount_cny"]), ({"amount_cny": 4800}, 400, ["amount_cny"]), ({"received_at": "soon"}, 400, ["received_at"]),
        ({"merchant": "0" * 18}, 409, ["merchant"]), ({"received_at": "2999-01-01T00:00:00Z"}, 409, ["received_at"]),
        ({"received_at": "0001-01-01T00:00:00Z"}, 409, ["received_at"]), ({"received_at": "2020-02-29T15:59:59Z"}, 409, ["received_at"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_filed(filer: Program, change: dict, status: int, fields: list[str]) -> None:
    answer = filer.post(COMPLAINTS, GIVEN | change)

    assert (answer.status_code, [b["field"] for b in answer.json()["blockers"]]) == (status, fields), answer.content
    assert not Complaint.objects.exists()


def test_the_first_second_of_the_rules_can_be_counted_from(filer: Program) -> None:
    answer = filer.post(COMPLAINTS, GIVEN | {"received_at": "2020-02-29T16:00:00Z"})

    assert answer.status_code == 201, answer.content
    assert answer.json()["next_due_at"].startswith("2020-03-16T23:59:59")


def test_reading_is_no_filing(cast: Cast) -> None:
    reader, filer = make_program("cases.read"), make_program("complaints.file", role="integration")

    assert reader.post(COMPLAINTS, GIVEN).json()["code"] == "actor.no_scope"
    assert filer.post(COMPLAINTS, GIVEN).status_code == 201
    assert filer.get(COMPLAINTS).status_code == 403


def test_reference_lists(cast: Cast, program) -> None:
    case = factory.file()
    reader, far = program(), program(unit=cast.other_unit)

    merchants = reader.get("/api/v1/merchants/", limit=2).json()
    assert len(merchants["results"]) == 2 and set(merchants["results"][0]) == {"name", "uscc", "scene", "city"}
    following = reader.get("/api/v1/merchants/", cursor=merchants["next"]).json()["results"]
    assert following[0]["uscc"] > merchants["results"][1]["uscc"]
    year = reader.get("/api/v1/calendar/", year=2026).json()
    assert {"date": "2026-10-01", "name": "国庆节", "is_off_day": True} in [
        {**d, "name": "国庆节"} for d in year["days"]
    ]
    assert reader.get("/api/v1/calendar/", year=2099).status_code == 404
    assert reader.get("/api/v1/calendar/").json()["blockers"][0]["field"] == "year"
    entries = reader.get("/api/v1/ledger/entries/", case=case.number).json()["results"]
    proof = reader.get(f"/api/v1/ledger/proofs/{case.number}/").json()
    assert [(row["seq"], row["topic"]) for row in entries] == [(1, "complaints.file")]
    assert proof == {"number": case.number, "length": 1, "head": entries[0]["mac"], "intact": True, "breaches": []}
    assert far.get(f"/api/v1/ledger/proofs/{case.number}/").status_code == 404
    assert far.get("/api/v1/ledger/entries/", case=case.number).status_code == 404


def test_a_minute_has_so_many_requests(cast: Cast, program, settings: Any) -> None:
    settings.API_RATE_PER_MINUTE, settings.API_ANONYMOUS_RATE_PER_MINUTE = 3, 2
    visitor, other = program(), program()
    start = now().replace(second=10, microsecond=0)
    with pinned(start):
        answers = [visitor.get("/api/v1/cases/") for _time in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert [a.headers["RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
        assert answers[3].headers["Retry-After"] == "50"
        assert answers[3].headers["Content-Type"] == "application/problem+json"
        assert answers[3].json()["code"] == "request.too_many"
        assert other.get("/api/v1/cases/").status_code == 200
        assert [Client().get("/api/v1/cases/").status_code for _time in range(3)] == [401, 401, 429]
    with pinned(start + timedelta(minutes=1)):
        assert visitor.get("/api/v1/cases/").status_code == 200


def test_the_examples_of_the_guide_work(cast: Cast, program) -> None:
    """Every curl of docs/api.md, with its headers and body, through the test client."""
    guide = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    visitor, number, seen = program(), "", []
    for command in re.findall(r"```sh\n(curl .*?)```", guide, re.DOTALL):
        words = shlex.split(command.replace("\\\n", " "))
        path = words[2].replace("$URL", "").replace("$NUMBER", number)
        pairs = [w.partition(": ") for flag, w in pairwise(words) if flag == "-H"]
        headers = {name: value.replace("$KEY", visitor.token) for name, _sep, value in pairs}
        data = [w for flag, w in pairwise(words) if flag == "-d"]
        parts = dict(w.split("=", 1) for flag, w in pairwise(words) if flag == "-F")
        kind = headers.pop("Content-Type", "application/json")
        if data:
            answer = visitor.client.post(path, data[0], content_type=kind, headers=headers)
        elif parts:
            sent = {k: SimpleUploadedFile(v[1:], PDF) if v.startswith("@") else v for k, v in parts.items()}
            answer = visitor.client.post(path, sent, headers=headers)
        else:
            answer = visitor.client.get(path, headers=headers)
        number = answer.json().get("number", number)
        seen.append(answer.status_code)

    assert seen == [201, 200, 200, 200, 201, 200, 200]
