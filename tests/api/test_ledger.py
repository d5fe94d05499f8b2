"""The ledger over the API: whoever checks it needs nothing but what it answers."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jike.base.dates import now
from jike.ledger import tree
from jike.ledger.models import Entry
from jike.ledger.sealing import seal
from tests.api.conftest import Program
from tests.factories import complaints as factory
from tests.people import Cast

HEADS, ENTRIES, PROOFS = "/api/v1/ledger/heads/", "/api/v1/ledger/entries/", "/api/v1/ledger/proofs/"


@pytest.fixture(autouse=True)
def heads(settings: Any, tmp_path: Path) -> None:
    settings.HEADS_URL = (tmp_path / "heads").as_uri()


@pytest.fixture
def auditor(program: Callable[..., Program]) -> Program:
    return program("ledger.read", role="verifier")


def every(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    rows, cursor = [], {}
    while True:
        answer = program.get(path, limit=2, **query, **cursor).json()
        rows += answer["results"]
        if answer["next"] is None:
            return rows
        cursor = {"cursor": answer["next"]}


def test_an_auditor_can_rebuild_the_tree_and_compare_every_head(cast: Cast, auditor: Program) -> None:
    for _ in range(3):
        factory.file()
        seal(now=now())

    entries, heads = every(auditor, ENTRIES), every(auditor, HEADS)

    assert [row["position"] for row in entries] == list(range(Entry.objects.count()))
    leaves = [tree.leaf_hash(row["leaf"].encode()) for row in entries]
    assert [leaf.hex() for leaf in leaves] == [row["hash"] for row in entries]
    assert [head["size"] for head in heads] == sorted({head["size"] for head in heads}, reverse=True) and len(
        heads
    ) == 3
    for head in heads:
        size, root, at = tree.read_head(base64.b64decode(head["body"]))
        assert (size, root.hex()) == (head["size"], head["root"]) and root == tree.root_of(leaves[:size])
        assert tree.check_signature(head) and datetime.fromisoformat(at) == datetime.fromisoformat(head["at"])
        assert (head["stamp"], head["stamped_at"]) == ("", None)


def test_proofs_check_without_asking_us_again(cast: Cast, auditor: Program) -> None:
    case = factory.file()
    seal(now=now())
    factory.file()
    seal(now=now())
    newest, oldest = every(auditor, HEADS)
    entry = every(auditor, ENTRIES)[0]
    assert auditor.get(ENTRIES, case=case.number).status_code == 404, "a case is not for who only checks seals"

    proof = auditor.get(f"{PROOFS}inclusion/", entry=entry["id"]).json()
    size, root, _at = tree.check_proof(proof)
    assert (size, root.hex()) == (newest["size"], newest["root"]) and tree.check_signature(proof["head"])
    early = auditor.get(f"{PROOFS}inclusion/", entry=entry["id"], size=oldest["size"]).json()
    assert tree.check_proof(early)[0] == oldest["size"]
    found = auditor.get(f"{PROOFS}consistency/", first=oldest["size"], second=newest["size"]).json()
    assert found["first"] == oldest and found["second"] == newest
    roots = [bytes.fromhex(head["root"]) for head in (oldest, newest)]
    assert tree.check_consistency(oldest["size"], newest["size"], *roots, [bytes.fromhex(s) for s in found["path"]])


def test_a_handler_proves_own_cases_and_sees_no_others(cast: Cast, program: Callable[..., Program]) -> None:
    case = factory.file()
    seal(now=now())
    near, far = program("ledger.read"), program("ledger.read", unit=cast.other_unit)
    none = program("cases.read")
    (entry,) = every(near, ENTRIES, case=case.number)

    assert near.get(f"{PROOFS}inclusion/", entry=entry["id"]).status_code == 200
    assert far.get(f"{PROOFS}inclusion/", entry=entry["id"]).status_code == 404
    assert near.get(f"{PROOFS}inclusion/", entry=uuid.uuid4()).status_code == 404
    refused = near.get(ENTRIES)
    assert refused.status_code == 403 and refused.json()["blockers"][0]["code"] == "actor.no_power"
    assert near.get(HEADS).status_code == 200
    for path in (HEADS, ENTRIES, f"{PROOFS}consistency/", f"{PROOFS}inclusion/"):
        assert none.get(path, entry=entry["id"], first=1, second=1).status_code in (400, 403)
    assert none.get(HEADS).status_code == 403


def test_what_is_not_there_and_what_is_malformed_is_said(
    cast: Cast, auditor: Program, program: Callable[..., Program]
) -> None:
    case = factory.file()
    (waiting,) = every(program("ledger.read"), ENTRIES, case=case.number)

    assert (waiting["position"], every(auditor, ENTRIES), every(auditor, HEADS)) == (None, [], [])
    assert auditor.get(f"{PROOFS}inclusion/", entry=waiting["id"]).status_code == 404
    seal(now=now())
    size = every(auditor, HEADS)[0]["size"]
    assert auditor.get(f"{PROOFS}inclusion/", entry=waiting["id"], size=size + 1).status_code == 404
    assert auditor.get(f"{PROOFS}consistency/", first=size, second=size).json()["path"] == []
    assert auditor.get(f"{PROOFS}consistency/", first=size, second=size + 1).status_code == 404
    for path, query in [
        ("inclusion/", {}),
        ("inclusion/", {"entry": "x"}),
        ("inclusion/", {"entry": waiting["id"], "size": 0}),
        ("inclusion/", {"entry": waiting["id"], "tree": 1}),
        ("consistency/", {"first": 2}),
        ("consistency/", {"first": 2**60, "second": 2**60}),
    ]:
        assert auditor.get(PROOFS + path, **query).status_code == 400, query
    assert auditor.get(f"{PROOFS}consistency/", first=2, second=1).status_code == 409


def test_an_entry_shows_ids_codes_and_hashes(cast: Cast, auditor: Program) -> None:
    factory.file()
    seal(now=now())

    assert set(every(auditor, ENTRIES)[0]) == {
        *("id", "seq", "topic", "at", "digest", "previous", "mac", "key_version", "position", "leaf", "hash")
    }
