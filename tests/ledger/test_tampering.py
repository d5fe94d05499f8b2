"""Somebody with every right in the database changes something: it is found, and the row is named."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from jike import ledger
from jike.base.ids import uuid7
from jike.ledger.models import Entry
from tests.ledger.samples import Fact, Subject, write_chain

pytestmark = pytest.mark.usefixtures("samples")
COLUMNS = [f.column for f in Entry._meta.concrete_fields if f.name != "txid"]


@contextmanager
def superuser() -> Iterator[Any]:
    """A cursor of the owner of the table, who has switched its guards off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")


def found(*names: str) -> set[tuple[str, UUID | None]]:
    return {
        (breach.kind, breach.entry or breach.source_id)
        for breach in ledger.verify()
        if not names or breach.kind in names
    }


NEW_VALUES = {
    "id": "gen_random_uuid()",
    "subject": "gen_random_uuid()",
    "seq": "seq + 100",
    "topic": "topic || 'x'",
    "source": "source || 'x'",
    "source_id": "gen_random_uuid()",
    "digest": "sha256(digest)",
    "facts": """facts || '{"count": 4}'""",
    "previous": "sha256(previous)",
    "mac": "sha256(mac)",
    "key_version": "key_version + 1",
    "at": "at + interval '1 microsecond'",
}


def test_every_column_has_a_tampering() -> None:
    assert set(NEW_VALUES) == set(COLUMNS)


@pytest.mark.parametrize("column", sorted(NEW_VALUES))
@pytest.mark.parametrize("place", [0, 2, 4])
def test_changed_column_is_found(column: str, place: int) -> None:
    subject, entries = write_chain(5)
    write_chain(2)

    with superuser() as cursor:
        cursor.execute(f"UPDATE ledger_entry SET {column} = {NEW_VALUES[column]} WHERE id = %s", [entries[place].pk])

    breaches = [b for b in ledger.verify() if b.kind in {"mac_wrong", "key_unknown"}]
    assert len(breaches) == 1
    named = {breaches[0].entry, breaches[0].source_id, (breaches[0].subject, breaches[0].seq)}
    assert named & {entries[place].pk, entries[place].source_id, (subject, place + 1)}


@pytest.mark.parametrize("seed", range(30))
def test_random_tampering_is_found(seed: int) -> None:
    dice = random.Random(seed)
    chains = [write_chain(dice.randint(3, 6)) for _ in range(3)]
    subject, entries = dice.choice(chains)
    victim = dice.choice(entries[1:-1])
    deeds: list[Callable[[Any], None]] = [
        lambda c: c.execute("DELETE FROM ledger_entry WHERE id = %s", [victim.pk]),
        lambda c: c.execute("DELETE FROM ledger_entry WHERE id = %s", [entries[-1].pk]),
        lambda c: c.execute("DELETE FROM ledger_entry WHERE subject = %s", [subject]),
        lambda c: c.execute("UPDATE tests_ledger_fact SET verb = 'edited' WHERE id = %s", [victim.source_id]),
        lambda c: c.execute("DELETE FROM tests_ledger_fact WHERE id = %s", [victim.source_id]),
        lambda c: c.execute("INSERT INTO tests_ledger_fact VALUES (%s, %s, 'forged')", [uuid7(), subject]),
        lambda c: swap(c, entries[0], victim),
        lambda c: forge(c, subject, len(entries) + 1),
        lambda c: restamp(c, subject, victim.seq),
        lambda c: c.execute("UPDATE tests_ledger_subject SET version = version - 1 WHERE id = %s", [subject]),
    ]

    with superuser() as cursor:
        deeds[seed % len(deeds)](cursor)

    breaches = list(ledger.verify())
    assert breaches and {breach.subject for breach in breaches} == {subject}


def swap(cursor: Any, one: Entry, two: Entry) -> None:
    """Exchange the places of two entries in the chain."""
    for pk, seq in [(one.pk, 9999), (two.pk, one.seq), (one.pk, two.seq)]:
        cursor.execute("UPDATE ledger_entry SET seq = %s WHERE id = %s", [seq, pk])


def forge(cursor: Any, subject: UUID, seq: int) -> None:
    """Append an entry that fits in all but the mac, with its source row and version."""
    fact = Fact(subject=subject, verb="forged")
    cursor.execute("INSERT INTO tests_ledger_fact VALUES (%s, %s, %s)", [fact.pk, subject, fact.verb])
    cursor.execute("UPDATE tests_ledger_subject SET version = %s WHERE id = %s", [seq, subject])
    cursor.execute(
        "INSERT INTO ledger_entry (id, subject, seq, topic, source, source_id, digest, facts, previous, mac, key_version, at, txid)"
        " SELECT %s, subject, seq + 1, 'forged', source, %s, sha256(%s), %s::jsonb, mac, sha256(mac), key_version, at, txid"
        " FROM ledger_entry WHERE subject = %s AND seq = %s",
        [uuid7(), fact.pk, ledger.canonical(fact.facts()), json.dumps(fact.facts()), subject, seq - 1],
    )


def restamp(cursor: Any, subject: UUID, start: int) -> None:
    """Rewrite a fact and every mac after it without the key, as a plain hash chain would allow."""
    rows = list(Entry.objects.filter(subject=subject, seq__gte=start).order_by("seq"))
    Fact.objects.filter(pk=rows[0].source_id).update(verb="rewritten")
    rows[0].facts["verb"] = "rewritten"
    mac = rows[0].previous
    for row in rows:
        row.previous, row.mac = mac, row.mac_under(b"some other key")
        mac = row.mac
        cursor.execute(
            "UPDATE ledger_entry SET facts = %s::jsonb, digest = sha256(%s), previous = %s, mac = %s WHERE id = %s",
            [json.dumps(row.facts), ledger.canonical(row.facts), row.previous, row.mac, row.pk],
        )


def test_each_damage_is_named_exactly() -> None:
    (a, one), (b, two), (c, three), (d, four), (e, five) = (write_chain(4) for _ in range(5))
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [one[1].pk])
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [two[3].pk])
        cursor.execute("UPDATE tests_ledger_fact SET verb = 'edited' WHERE id = %s", [three[2].source_id])
        cursor.execute("DELETE FROM tests_ledger_fact WHERE id = %s", [four[0].source_id])
        cursor.execute("DELETE FROM ledger_entry WHERE subject = %s", [e])

    breaches = {(breach.subject, breach.kind, breach.seq, breach.entry) for breach in ledger.verify()}

    assert (a, "gap", 3, one[2].pk) in breaches and (a, "orphan", None, None) in breaches
    assert (b, "truncated", 4, None) in breaches
    assert {x for x in breaches if x[0] == c} == {(c, "source_differs", 3, three[2].pk)}
    assert {x for x in breaches if x[0] == d} == {(d, "source_missing", 1, four[0].pk)}
    assert (e, "truncated", 1, None) in breaches
    orphans = {breach.source_id for breach in ledger.verify() if breach.kind == "orphan"}
    assert orphans == {one[1].source_id, two[3].source_id, *(entry.source_id for entry in five)}


def test_untouched_ledgers_raise_no_alarm() -> None:
    for run in range(20):
        write_chain(run % 5 + 1)
        assert not list(ledger.verify())
    assert not list(ledger.verify([uuid7()]))


def test_writers_may_go_on_during_verification(monkeypatch: pytest.MonkeyPatch) -> None:
    subject, _ = write_chain(2)
    from jike.ledger import verification

    plain = verification._check_chain

    def growing(chain: list[Entry]) -> Any:
        """Another entry is committed while the chain is checked."""
        if Subject.objects.get(pk=subject).version == 2:
            fact = Fact.objects.create(subject=subject, verb="later")
            ledger.append(
                subject, "later", source="tests.fact", source_id=fact.pk, facts=fact.facts(), now=chain[-1].at
            )
            Subject.objects.update(version=3)
        return plain(chain)

    monkeypatch.setattr(verification, "_check_chain", growing)
    assert not list(ledger.verify())
    assert Entry.objects.count() == 3


def test_command_names_the_row_and_exits_with_one() -> None:
    _subject, entries = write_chain(2)
    out = StringIO()
    call_command("verify_ledger", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"ok": True, "entries": 2, "sealed": 0, "breaches": []}

    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET topic = 'x' WHERE id = %s", [entries[0].pk])
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verify_ledger", "--json", stdout=out)

    assert caught.value.code == 1
    assert json.loads(out.getvalue())["breaches"][0]["entry"] == str(entries[0].pk)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stdout=out)
    assert f"mac_wrong: subject {entries[0].subject} seq 1 entry {entries[0].pk}" in out.getvalue()
    call_command("verify_ledger", "--subject", str(uuid7()), stdout=StringIO())
