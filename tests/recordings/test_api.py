"""Recordings and the gate over the API, as the core lending system uses them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from jike.accounts.models import Unit
from jike.base.dates import now
from lending.models import Permission, Recording
from tests.api.conftest import Program, make_program
from tests.factories import recordings as factory

pytestmark = pytest.mark.django_db
SCOPES = ("recordings.read", "recordings.write", "disbursements.permit")


@pytest.fixture
def core(settings: Any) -> Program:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True
    factory.starter()
    return make_program(*SCOPES, role="integration")


def body(**changes: Any) -> dict[str, Any]:
    told = factory.told()
    return {
        "application": told.application,
        "name": told.name,
        "phone": told.phone,
        "id_number": told.id_number,
        "merchant": told.merchant,
        "funder": told.funder,
        "terms": told.terms,
        "principal_cny": "12000.00",
        "term_months": 12,
        "annual_percent": "16.22",
        "way": "upload",
    } | changes


def asked(**changes: Any) -> dict[str, Any]:
    names = ("application", "merchant", "funder", "principal_cny", "term_months", "annual_percent")
    return {name: value for name, value in body().items() if name in names} | changes


def piece(core: Program, path: str, offset: int, content: bytes) -> Any:
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = core.headers() | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {checksum}"}
    return core.client.generic("PATCH", path, content, content_type="application/octet-stream", headers=headers)


def test_a_finished_file_comes_in_pieces_is_judged_and_opens_the_gate(core: Program) -> None:
    closed = core.post("/api/v1/disbursement-permissions/", asked())
    assert (closed.status_code, [b["code"] for b in closed.json()["blockers"]]) == (409, ["contract.unknown"])
    made = core.post("/api/v1/recordings/", body())
    assert made.status_code == 201, made.json()
    row = Recording.objects.get(pk=made.json()["id"])
    at = made.headers["Location"]
    closed = core.post("/api/v1/disbursement-permissions/", asked())
    assert [b["code"] for b in closed.json()["blockers"]] == ["recording.scheduled"]

    assert core.post(f"{at}parts/", {"size": 10}).status_code == 409  # nothing before consent
    given = {"choice": "face_and_voice", "text_sha256": row.script.text_sha256}
    assert core.post(f"{at}consent/", given).json()["state"] == "recording"
    film = factory.film(24)
    part = core.post(f"{at}parts/", {"size": len(film), "sha256": hashlib.sha256(film).hexdigest()}).json()
    place = f"{at}parts/{part['id']}/"
    half = 80_000
    assert piece(core, place, 0, film[:half]).json()["offset"] == half
    assert piece(core, place, 0, film[:half]).json()["offset"] == half  # again: nothing changes
    assert piece(core, place, 5, film[5:9]).status_code == 200
    elsewhere = piece(core, place, half + 1, film[half + 1 :])
    assert [b["code"] for b in elsewhere.json()["blockers"]] == ["upload.elsewhere"]
    assert core.get(place).json()["offset"] == half
    assert piece(core, place, half, film[half:]).json()["offset"] == len(film)
    ended = core.client.put(place, content_type="application/octet-stream", headers=core.headers())
    assert (ended.status_code, ended.json()["state"]) == (202, "joining")
    for number in range(5):
        answer = "read" if number < 2 else "yes"
        mark = {"part": part["id"], "number": number, "began_ms": number * 4_000, "ended_ms": number * 4_000 + 3_500}
        kept = core.post(f"{at}marks/", mark | {"answer": answer})
        assert kept.json() == {"next": number + 1 if number < 4 else None}
    assert core.post(f"{at}finish/").status_code == 202
    factory.work(now())

    found = core.get(at).json()
    assert found["state"] == "checking"
    assert "recording.uploaded" in [one["code"] for one in found["flags"]]
    assert found["parts"][0]["sha256"] == hashlib.sha256(film).hexdigest() and len(found["parts"][0]["sm3"]) == 64
    factory.decide(Recording.objects.get(pk=row.pk), factory.people()["anna"], now=now())
    opened = core.post("/api/v1/disbursement-permissions/", asked())
    assert (opened.status_code, opened.json()["basis"], opened.json()["recording"]) == (201, "recorded", str(row.pk))
    other = core.post("/api/v1/disbursement-permissions/", asked(principal_cny="12000.01"))
    assert [(b["code"], b["field"]) for b in other.json()["blockers"]] == [("contract.differs", "principal_cents")]
    assert Permission.objects.count() == 1


def test_a_file_that_is_not_the_announced_one_fails(core: Program) -> None:
    at = core.post("/api/v1/recordings/", body()).headers["Location"]
    row = Recording.objects.get()
    core.post(f"{at}consent/", {"choice": "face_and_voice", "text_sha256": row.script.text_sha256})
    film = factory.film(24)
    part = core.post(f"{at}parts/", {"size": len(film), "sha256": "0" * 64}).json()
    piece(core, f"{at}parts/{part['id']}/", 0, film)
    core.client.put(f"{at}parts/{part['id']}/", content_type="application/octet-stream", headers=core.headers())
    core.post(f"{at}finish/")
    factory.work(now())

    found = core.get(at).json()
    assert found["state"] == "failed"
    assert "recording.checksum" in [one["code"] for one in found["failures"]]


def test_what_is_no_film_is_refused_at_its_first_piece(core: Program) -> None:
    at = core.post("/api/v1/recordings/", body()).headers["Location"]
    row = Recording.objects.get()
    core.post(f"{at}consent/", {"choice": "face_and_voice", "text_sha256": row.script.text_sha256})
    part = core.post(f"{at}parts/", {"size": 40}).json()

    answer = piece(core, f"{at}parts/{part['id']}/", 0, b"%PDF-1.7 this is no film, whatever is said")
    assert answer.status_code == 409
    answer = piece(core, f"{at}parts/{part['id']}/", 0, b"%PDF-1.7 this is no film, whatever is sa")
    assert [b["code"] for b in answer.json()["blockers"]] == ["recording.kind"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"merchant": "91110000000000000X"}, 409, "merchant.unknown"),
        ({"phone": "123"}, 409, "person.malformed"),
        ({"principal_cny": "-1"}, 400, None),
        ({"principal_cny": "0"}, 400, None),
        ({"strange": 1}, 400, None),
        ({"way": "letter"}, 400, None),
        ({"id_number": "110101199203050000"}, 409, "person.malformed"),
    ],
)
def test_bad_contracts_are_refused_with_the_field(
    core: Program, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = core.post("/api/v1/recordings/", body(**changes))

    assert answer.status_code == status, answer.json()
    found = answer.json()["blockers"]
    assert code is None or [b["code"] for b in found] == [code]
    assert all(b["field"] for b in found)
    assert Recording.objects.count() == 0


def test_the_same_request_again_is_the_same_recording(core: Program) -> None:
    first = core.post("/api/v1/recordings/", body(), once="k1")

    assert core.post("/api/v1/recordings/", body(), once="k1").json() == first.json()
    again = core.post("/api/v1/recordings/", body(), once="k2")
    assert [b["code"] for b in again.json()["blockers"]] == ["recording.under_way"]


def test_other_units_and_other_keys_find_nothing(core: Program) -> None:
    at = core.post("/api/v1/recordings/", body()).headers["Location"]

    other = make_program(*SCOPES, role="integration", unit=Unit.objects.exclude(code="HQ-CP").order_by("code")[0])
    assert other.get(at).status_code == 404
    assert other.get("/api/v1/recordings/").json()["results"] == []
    reader = make_program("recordings.read", role="integration")
    assert reader.get(at).status_code == 200
    assert reader.post("/api/v1/recordings/", body(application="HT-2")).status_code == 403
    assert reader.post("/api/v1/disbursement-permissions/", asked()).status_code == 403
    listed = core.get("/api/v1/recordings/", limit=1, state="scheduled").json()
    assert [one["borrower"] for one in listed["results"]] == ["王**"] or "*" in listed["results"][0]["borrower"]
