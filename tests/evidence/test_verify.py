"""`verify_evidence` finds what somebody with every right to the database changed, and nothing in a clean one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from cases.complaints import actions
from cases.evidence import custody
from cases.evidence.models import Custody, Item
from jike.base.dates import now
from jike.files import store
from jike.ledger import sealing
from tests.evidence.conftest import LATER, WORDS, Register, register_of
from tests.factories import complaints as factory
from tests.people import Cast


def ran(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_evidence", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def breaches() -> list[dict[str, Any]]:
    status, text = ran("--json")
    said = json.loads(text)
    assert status == int(not said["ok"]) == int(bool([b for b in said["breaches"] if b["kind"] != "orphan"]))
    return said["breaches"]


def as_superuser(sql: str, *values: Any) -> None:
    """Change a row with its guards off, as only the owner of the database can."""
    (table,) = re.findall(r"^(?:UPDATE|DELETE FROM) (\w+)", sql)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER; SET CONSTRAINTS ALL DEFERRED"
        )
        cursor.execute(sql, values)
        assert cursor.rowcount > 0, sql


@pytest.fixture
def used(cast: Cast) -> Register:
    """Registered, described, locked, superseded, looked at; one paper added by the verb, so that its hash stands in an event."""
    register = register_of(cast)
    file = factory.paper(register.case, b"%PDF-1.7 attached")
    register.do("register")
    actions.attach_paper(register.case, actor=cast.handler.actor, now=LATER, file=file, name="补充.pdf")
    register.paper(b"%PDF-1.7 attached")
    register.do("register")
    register.do("describe", item=register.item("1"), **WORDS)
    register.do("supersede", item=register.item("2"), by=register.item("4"), reason="更清楚")
    register.do("lock")
    custody.record(
        register.item("1").attachment, custody.Act.VIEWED, actor=cast.handler.actor, reason="核对", now=LATER
    )
    return register


def test_a_clean_register_has_no_breach(used: Register) -> None:
    assert ran() == (0, "4 files, 4 items, 5 custody; 0 breaches.\n")
    status, text = ran("--json")
    assert (status, json.loads(text)) == (0, {"ok": True, "files": 4, "items": 4, "custody": 5, "breaches": []})


def last_of(register: Register) -> Custody:
    return Custody.objects.filter(attachment_id=register.item("1").pk).order_by("-seq")[0]


TAMPERINGS: dict[str, tuple[Callable[[Register], Any], str]] = {
    "custody edited": (
        lambda r: as_superuser("UPDATE evidence_custody SET actor_label = '李四' WHERE id = %s", last_of(r).pk),
        "ledger_source_differs",
    ),
    "custody back-dated": (
        lambda r: as_superuser("UPDATE evidence_custody SET at = at - interval '1 day' WHERE id = %s", last_of(r).pk),
        "ledger_source_differs",
    ),
    "custody deleted": (
        lambda r: as_superuser("DELETE FROM evidence_custody WHERE id = %s", last_of(r).pk),
        "ledger_source_missing",
    ),
    "entry deleted": (
        lambda r: as_superuser("DELETE FROM ledger_entry WHERE source_id = %s", last_of(r).pk),
        "ledger_orphan",
    ),
    "custody moved to another paper": (
        lambda r: as_superuser(
            "UPDATE evidence_custody SET attachment_id = %s, seq = 9 WHERE id = %s", r.item("2").pk, last_of(r).pk
        ),
        "ledger_source_differs",
    ),
    "hash of the row changed": (
        lambda r: as_superuser(
            "UPDATE files_storedfile SET sha256 = sha256('x') WHERE id = %s", r.item("1").attachment.file_id
        ),
        "hash_differs",
    ),
    "other file under the paper": (
        lambda r: as_superuser(
            "UPDATE attachments_attachment SET file_id = %s WHERE id = %s",
            factory.paper(r.case, b"%PDF other").pk,
            r.item("4").pk,
        ),
        "hash_differs",
    ),
    "numbers exchanged for a gap": (
        lambda r: as_superuser("UPDATE evidence_item SET number = 9 WHERE attachment_id = %s", r.item("3").pk),
        "numbers_differ",
    ),
    "item deleted": (
        lambda r: (
            as_superuser("DELETE FROM evidence_description WHERE item_id = %s", r.item("3").pk),
            as_superuser("DELETE FROM evidence_item WHERE attachment_id = %s", r.item("3").pk),
        ),
        "item_missing",
    ),
    "words deleted": (
        lambda r: as_superuser(
            "DELETE FROM evidence_description WHERE item_id = %s AND version = 2", r.item("1").pk
        ),
        "words_missing",
    ),
    "supersession deleted": (lambda r: as_superuser("DELETE FROM evidence_supersession"), "supersession_missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(used: Register, name: str) -> None:
    tamper, kind = TAMPERINGS[name]
    papers = {str(item.pk) for item in used.items()}
    tamper(used)

    found = [breach for breach in breaches() if breach["kind"] == kind]
    assert found, breaches()
    assert all(breach["paper"] in papers for breach in found)


@pytest.mark.parametrize("is_sealed", [False, True])
def test_the_end_of_a_chain_cut_off_with_its_row_is_found(used: Register, is_sealed: bool) -> None:
    if is_sealed:
        sealing.seal(now=now())
    last = last_of(used)
    as_superuser("DELETE FROM ledger_entry WHERE source_id = %s", last.pk)
    as_superuser("DELETE FROM evidence_custody WHERE id = %s", last.pk)

    assert [breach["kind"] for breach in breaches()] == ["entry_missing"]


def test_an_item_without_any_custody_is_found(used: Register) -> None:
    pk = used.item("3").pk
    as_superuser("DELETE FROM ledger_entry WHERE subject = %s", pk)
    as_superuser("DELETE FROM evidence_custody WHERE attachment_id = %s", pk)
    as_superuser("DELETE FROM ledger_unsealed WHERE entry NOT IN (SELECT id FROM ledger_entry)")

    assert [(breach["kind"], breach["paper"]) for breach in breaches()] == [("custody_missing", str(pk))]


def test_damaged_and_missing_files_are_named(used: Register) -> None:
    file = Item.objects.select_related("attachment__file").get(pk=used.item("1").pk).attachment.file
    path = store._path(file.scope, bytes(file.sha256))
    path.write_bytes(path.read_bytes()[:-1])

    assert [(breach["kind"], breach["file"]) for breach in breaches()] == [("damaged", str(file.pk))]
    status, text = ran()
    assert status == 1 and f"damaged: file {file.pk}" in text
    path.unlink()
    assert [(breach["kind"], breach["file"]) for breach in breaches()] == [("missing", str(file.pk))]


def test_another_file_under_a_paper_that_nobody_registered_is_found_by_the_event_that_added_it(cast: Cast) -> None:
    register = register_of(cast, papers=0)
    file = factory.paper(register.case, b"%PDF-1.7 attached")
    actions.attach_paper(register.case, actor=cast.handler.actor, now=LATER, file=file, name="补充.pdf")
    assert breaches() == []
    other = factory.paper(register.case, b"%PDF other")
    as_superuser("UPDATE attachments_attachment SET file_id = %s WHERE subject = %s", other.pk, register.case.pk)

    assert [(breach["kind"], breach["file"]) for breach in breaches()] == [("hash_differs", str(other.pk))]
