"""Merchants, institutions, terms and loans told by file and by the API: once, whole, and never against what was told before."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jike.base.errors import Refused
from jike.privacy import open_sealed
from lending.loans.reading_back import document_of
from lending.models import Funder, Loan, Merchant, Terms
from lending.parties import register_funder, register_merchant, register_terms_of
from tests.api.conftest import make_program
from tests.lending.documents import IMPORTER, NOW, document, starter

pytestmark = pytest.mark.django_db
SCOPES = ("lending.import_loan", "lending.register_terms", "lending.register_party")


def merchant(**changes: Any) -> dict[str, Any]:
    known = Merchant.objects.order_by("-uscc")[0]
    return {"uscc": known.uscc, "name": known.name, "scene": known.scene, "city": known.city} | changes


FUNDER = {"name": "新出资公司", "hotline": "400-1", "address": "上海市"}
TERMS = {
    "code": "T-9", "effective_on": "2026-11-01", "free_return": True, "first_loan_only": False, "silence_is_unserved": True,
    "text_sha256": "a" * 64,
}  # fmt: skip


def codes(no: Any) -> list[tuple[str, str]]:
    return [(blocker.code, blocker.field) for blocker in no.value.blockers]


def test_parties_are_kept_once_follow_what_is_told_and_contradict_nothing() -> None:
    starter()
    number = Merchant.objects.count()
    row, outcome = register_merchant(merchant(contact_phone="13900139000"), actor=IMPORTER, now=NOW)
    assert (outcome, Merchant.objects.count(), open_sealed(row, "contact_phone")) == ("updated", number, "13900139000")
    assert register_merchant(merchant(), actor=IMPORTER, now=NOW)[1] == "unchanged", "what is not said stays"
    other = next(scene for scene in Merchant.Scene.values if scene != row.scene)
    with pytest.raises(Refused) as no:
        register_merchant(merchant(scene=other), actor=IMPORTER, now=NOW)
    assert codes(no) == [("merchant.contradicted", "scene")]
    with pytest.raises(Refused) as no:
        register_merchant({"uscc": "1", "scene": "x", "contact_phone": "12", "odd": 1}, actor=IMPORTER, now=NOW)
    assert {field for _code, field in codes(no)} == {"uscc", "name", "scene", "city", "contact_phone", "odd"}

    assert register_funder(FUNDER, actor=IMPORTER, now=NOW)[1] == "created"
    assert register_funder(FUNDER | {"hotline": "400-2"}, actor=IMPORTER, now=NOW)[1] == "updated"
    assert register_funder(FUNDER | {"hotline": "400-2"}, actor=IMPORTER, now=NOW)[1] == "unchanged"
    with pytest.raises(Refused) as no:
        register_funder(FUNDER | {"level": "branch"}, actor=IMPORTER, now=NOW)
    assert codes(no) == [("funder.contradicted", "level")]
    assert [register_terms_of(TERMS, actor=IMPORTER, now=NOW)[1] for _time in range(2)] == ["created", "unchanged"]
    with pytest.raises(Refused) as no:
        register_terms_of(TERMS | {"free_return": False}, actor=IMPORTER, now=NOW)
    assert codes(no) == [("terms.contradicted", "code")]


def test_the_api_takes_each_once_names_what_is_malformed_and_refuses_what_contradicts() -> None:
    starter()
    program = make_program(*SCOPES, role="integration")
    assert [program.post("/api/v1/terms/", TERMS).status_code for _time in range(2)] == [201, 200]
    assert program.post("/api/v1/funders/", FUNDER).json() == {"id": FUNDER["name"], "outcome": "created"}
    assert program.post("/api/v1/merchants/", merchant()).json()["outcome"] == "unchanged"
    told = document()
    first, again = program.post("/api/v1/loans/", told), program.post("/api/v1/loans/", told)
    assert (first.status_code, again.status_code, again.json()["outcome"]) == (201, 200, "unchanged")
    malformed = program.post("/api/v1/loans/", told | {"principal_cents": "x", "odd": 1})
    assert malformed.status_code == 400
    assert {blocker["field"] for blocker in malformed.json()["blockers"]} == {"principal_cents", "odd"}
    later = told | {"as_of": "2026-11-19T08:00:00+08:00", "contract_no": "HT-9", "repayments": []}
    refused = program.post("/api/v1/loans/", later)
    assert refused.status_code == 409
    assert {b["code"] for b in refused.json()["blockers"]} == {"loan.contradicted", "line.missing"}
    assert Loan.objects.count() == 1
    for path, body in (("loans", told), ("terms", TERMS), ("merchants", merchant()), ("funders", FUNDER)):
        assert make_program("cases.read", role="integration").post(f"/api/v1/{path}/", body).status_code == 403


def run(path: Path) -> tuple[dict[str, int], str]:
    out = StringIO()
    call_command("import_loans", str(path), "--json", stdout=out)
    said = out.getvalue().splitlines()
    return json.loads(said[-1]), "\n".join(said[:-1])


def write(folder: Path, name: str, rows: list[dict[str, Any]], encoding: str = "utf-8-sig") -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    (folder / f"{name}.csv").write_bytes(out.getvalue().encode(encoding))


def flat(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": kept for inner, kept in value.items()}
        elif name == "by_instalment":
            found[name] = ";".join(map(str, value))
        elif not isinstance(value, list):
            found[name] = value
    return found


def tables(folder: Path, told: dict[str, Any], encoding: str = "utf-8-sig") -> None:
    """The document as the tables that `import_loans` reads."""
    loan = told["external_id"]
    write(folder, "loans", [flat(told)], encoding)
    for name in ("instalments", "fees", "disbursements", "repayments"):
        write(folder, name, [{"loan": loan} | flat(row) for row in told[name]], encoding)
    parts = [
        {"loan": loan, "repayment": row["external_id"]} | part for row in told["repayments"] for part in row["parts"]
    ]
    write(folder, "parts", parts, encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_tables_are_the_same_loan_as_the_document_and_again_change_nothing(tmp_path: Path, encoding: str) -> None:
    starter()
    told = document()
    tables(tmp_path, told, encoding)
    write(tmp_path, "terms", [TERMS], encoding)
    write(tmp_path, "funders", [FUNDER], encoding)
    write(tmp_path, "merchants", [merchant()], encoding)

    assert run(tmp_path)[0] == {"rows": 4, "created": 3, "updated": 0, "unchanged": 1, "rejected": 0}
    by_tables = document_of(Loan.objects.get())
    assert run(tmp_path)[0] == {"rows": 4, "created": 0, "updated": 0, "unchanged": 4, "rejected": 0}

    program = make_program(*SCOPES, role="integration")
    assert program.post("/api/v1/loans/", told).json()["outcome"] == "unchanged", (
        "tables and document say the very same"
    )
    assert len(by_tables.instalments) == 12 and by_tables.repayments[0].parts[0].amount_cents == 30_000
    assert Terms.objects.filter(code="T-9").exists() and Funder.objects.filter(name=FUNDER["name"]).exists()


def test_a_bad_cell_is_named_with_its_row_and_a_stray_row_stops_the_import(tmp_path: Path) -> None:
    starter()
    tables(tmp_path, document(principal_cents="12,000.00"))
    summary, said = run(tmp_path)
    assert (summary["rejected"], "loans.csv:2:" in said, "[principal_cents]" in said) == (1, True, True)

    write(tmp_path, "fees", [{"loan": "JK-NONE", "external_id": "F-1"}])
    with pytest.raises(CommandError, match=r"fees.csv: no loan JK-NONE"):
        run(tmp_path)


def test_parties_stand_in_the_same_file_as_loans(tmp_path: Path) -> None:
    starter()
    path = tmp_path / "all.jsonl"
    lines = [
        {"terms": TERMS},
        {"funder": FUNDER},
        {"merchant": merchant(city="拉萨")},
        document(terms="T-9", funder=FUNDER["name"]),
    ]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")

    assert run(path)[0] == {"rows": 4, "created": 3, "updated": 1, "unchanged": 0, "rejected": 0}
    assert Loan.objects.get().terms.code == "T-9"
