from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from jike import ledger
from jike.base.ids import uuid7
from jike.ledger.models import GENESIS, Entry
from tests.ledger.samples import NOW, SOURCE, Fact, Subject, write_chain

pytestmark = pytest.mark.usefixtures("samples")


def test_canonical_has_one_form() -> None:
    assert ledger.canonical({"b": [1, None, True], "a": '乙 "x"'}) == '{"a":"乙 \\"x\\"","b":[1,null,true]}'.encode()
    assert ledger.canonical({"a": (1, 2)}) == ledger.canonical({"a": [1, 2]})


@pytest.mark.parametrize(
    "content", [1.0, {"a": {"b": [0.5]}}, {1: "x"}, NOW, Decimal("1"), b"x", {"a": uuid7()}, {"a": "\ud800"}]
)
def test_canonical_refuses_what_has_two_spellings(content: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ledger.canonical(content)


def test_entries_are_dense_and_linked() -> None:
    subject, entries = write_chain(3)
    other, _ = write_chain(1)
    rows = list(Entry.objects.filter(subject=subject).order_by("seq"))

    assert [row.seq for row in rows] == [1, 2, 3] and Entry.objects.get(subject=other).seq == 1
    assert [bytes(row.previous) for row in rows] == [GENESIS, *(bytes(row.mac) for row in rows[:2])]
    assert [bytes(row.mac) for row in rows] == [bytes(entry.mac) for entry in entries]
    assert not list(ledger.verify())


def test_append_costs_two_statements_and_one_for_a_new_subject(django_assert_num_queries: Any) -> None:
    subject, _ = write_chain(1)
    fresh = uuid7()

    with django_assert_num_queries(2):
        ledger.append(subject, "t", source=SOURCE, source_id=uuid7(), facts={}, now=NOW)
    with django_assert_num_queries(1):
        ledger.append(fresh, "t", source=SOURCE, source_id=uuid7(), facts={}, now=NOW, last=(0, b""))


def test_transaction_is_stamped_by_the_database() -> None:
    Entry(
        subject=uuid7(),
        seq=1,
        topic="t",
        source=SOURCE,
        source_id=uuid7(),
        digest=b"",
        facts={},
        previous=b"",
        mac=b"",
        key_version=1,
        at=NOW,
        txid=7,
    ).save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        assert Entry.objects.get().txid == cursor.fetchone()[0]


def test_a_fact_is_sealed_once() -> None:
    subject, entries = write_chain(1)

    for again in (subject, uuid7()):
        with pytest.raises(IntegrityError), transaction.atomic():
            ledger.append(again, "t", source=SOURCE, source_id=entries[0].source_id, facts={}, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET topic = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
    ],
)
def test_history_cannot_be_changed(statement: str) -> None:
    write_chain(2)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 2


def test_append_many_chains_new_subjects(django_assert_num_queries: Any) -> None:
    subjects = [Subject.objects.create(version=2).pk for _ in range(30)]
    facts = [Fact.objects.create(subject=subject, verb=f'引"号\t\\{n}') for n in range(2) for subject in subjects]
    rows = [
        ledger.NewEntry(f.subject, "imported", SOURCE, f.pk, f.facts(), NOW + timedelta(microseconds=1)) for f in facts
    ]

    assert ledger.append_many(rows) == 60

    assert not list(ledger.verify())
    assert sorted(Entry.objects.values_list("seq", flat=True)) == [1] * 30 + [2] * 30
    assert len(set(Entry.objects.values_list("txid", flat=True))) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.append_many([ledger.NewEntry(subjects[0], "t", SOURCE, uuid7(), {}, NOW)])
    assert ledger.append_many([]) == 0


def test_time_zone_of_the_writer_does_not_matter() -> None:
    for zone in (UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))):
        fact = Fact.objects.create(subject=Subject.objects.create(version=1).pk, verb="v")
        at = datetime(2026, 3, 29, 1, 30, 0, 999_999, tzinfo=zone)
        ledger.append(fact.subject, "t", source=SOURCE, source_id=fact.pk, facts=fact.facts(), now=at)

    assert not list(ledger.verify())


def test_key_can_be_changed(settings: Any) -> None:
    old, new = "1:" + "A" * 43, "2:" + "B" * 42 + "A"
    settings.LEDGER_KEY = old
    subject, _ = write_chain(2)
    settings.LEDGER_KEY = f"{old},{new}"
    fact = Fact.objects.create(subject=subject, verb="later")
    ledger.append(subject, "t", source=SOURCE, source_id=fact.pk, facts=fact.facts(), now=NOW)
    Subject.objects.update(version=3)

    assert not list(ledger.verify())
    assert list(Entry.objects.order_by("seq").values_list("key_version", flat=True)) == [1, 1, 2]
    settings.LEDGER_KEY = new
    assert [(b.kind, b.seq) for b in ledger.verify()] == [("key_unknown", 1), ("key_unknown", 2)]
