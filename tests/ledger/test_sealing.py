"""From the waiting list into the tree, signed, and out of the database."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from jike import ledger
from jike.base.ids import uuid7
from jike.ledger import outside, proofs, sealing, tree
from jike.ledger.models import Entry, Head, Keeping, Leaf, Subtree, Unsealed
from jike.ledger.sealing import seal
from jike.ledger.tree_verification import verify_tree
from tests.ledger.samples import NOW, SOURCE, write_chain


@pytest.fixture
def heads(settings: Any, tmp_path: Path) -> Path:
    settings.HEADS_URL = (tmp_path / "heads").as_uri()
    return tmp_path / "heads"


def entries(count: int) -> list[Entry]:
    subject = uuid7()
    ledger.append_many(ledger.NewEntry(subject, "t", SOURCE, uuid7(), {}, NOW) for _ in range(count))
    return list(Entry.objects.filter(subject=subject).order_by("seq"))


@pytest.mark.django_db
def test_what_waits_is_sealed_signed_and_kept(heads: Path) -> None:
    made = entries(3)
    assert set(Unsealed.objects.values_list("entry", flat=True)) == {entry.pk for entry in made}

    assert seal(now=NOW) == sealing.Sealing(entries=3, kept=1, size=3)

    assert not Unsealed.objects.exists() and seal(now=NOW) == sealing.Sealing(0, 0, 3)
    leaves = list(Leaf.objects.order_by("position"))
    assert [(leaf.position, leaf.entry) for leaf in leaves] == [(n, entry.pk) for n, entry in enumerate(made)]
    head = Head.objects.get()
    assert bytes(head.root) == tree.root_of(tree.leaf_hash(Entry.objects.get(pk=e.pk).leaf()) for e in made)
    (kept,) = outside.kept_heads(outside.outside())
    assert (kept.size, kept.root, kept.first) == (3, bytes(head.root), 0)
    assert kept.leaves == [(leaf.entry, bytes(leaf.hash)) for leaf in leaves]
    (file,) = [path for path in heads.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o377 == 0, "nobody writes to it again"
    assert not list(verify_tree(now=NOW))


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 7, 100, 5_000])
def test_the_tree_is_the_same_whatever_the_batches(heads: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(sealing, "BATCH", batch)
    for size in [1, 255, 2, 300, 13] if batch >= 100 else [1, 20]:
        entries(size)
        seal(now=NOW)

    leaves = [bytes(value) for value in Leaf.objects.order_by("position").values_list("hash", flat=True)]
    for head in Head.objects.all():
        assert bytes(head.root) == tree.root_of(leaves[: head.size])
    assert Subtree.objects.count() == len(leaves) // 256
    assert not list(verify_tree(now=NOW))


@pytest.mark.django_db
def test_proofs_hold_between_all_heads(heads: Path) -> None:
    for size in (3, 260, 1, 500):
        entries(size)
        seal(now=NOW)
    newest = Head.objects.order_by("-size")[0]

    for leaf in Leaf.objects.filter(position__in=[0, 2, 3, 255, 256, 262, 263, 600, 763]):
        proof = proofs.proof_of(leaf.entry)
        assert tree.check_proof(proof) == (newest.size, bytes(newest.root), newest.at.isoformat())
        assert tree.check_signature(proof["head"]) and json.loads(proof["leaf"])["id"] == str(leaf.entry)
        early = proofs.proof_of(leaf.entry, size=764)
        assert early["position"] == leaf.position
    for first in Head.objects.all():
        path = proofs.consistency_of(first, newest)
        assert tree.check_consistency(first.size, newest.size, bytes(first.root), bytes(newest.root), path)
    with pytest.raises(proofs.NotSealed):
        proofs.proof_of(entries(1)[0].pk)
    with pytest.raises(proofs.NotSealed):
        proofs.proof_of(Leaf.objects.get(position=763).entry, size=3)


@pytest.mark.django_db
def test_a_proof_needs_few_statements(heads: Path, django_assert_max_num_queries: Any) -> None:
    entries(3_000)
    seal(now=NOW)

    with django_assert_max_num_queries(10):
        proofs.proof_of(Leaf.objects.get(position=1_234).entry)


@pytest.mark.usefixtures("own_database")
def test_an_entry_that_commits_late_is_sealed_later(heads: Path) -> None:
    """Its transaction began, and its id was made, before the others': it is not slipped past."""
    begun, may_commit = threading.Event(), threading.Event()

    def slow() -> Any:
        try:
            with transaction.atomic():
                (late,) = entries(1)
                begun.set()
                assert may_commit.wait(30)
            return late.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(slow)
        assert begun.wait(30)
        entries(2)
        assert seal(now=NOW).size == 2 and not list(verify_tree(now=NOW))
        may_commit.set()
        pk = late.result(30)

    assert seal(now=NOW).size == 3 and Leaf.objects.get(entry=pk).position == 2
    assert not list(verify_tree(now=NOW))


@pytest.mark.usefixtures("own_database")
def test_many_sealers_and_writers_leave_one_dense_tree(heads: Path) -> None:
    """The check is asked all the time while they work: it never raises an alarm."""

    def write(number: int) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    entries(3)
        finally:
            connection.close()

    def sealer(number: int) -> list[Any]:
        try:
            found = []
            for _ in range(8):
                seal(now=NOW)
                found += verify_tree(now=NOW)
            return found
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        writers = [pool.submit(write, n) for n in range(3)]
        sealers = [pool.submit(sealer, n) for n in range(3)]
        assert [w.result(60) for w in writers] == [None] * 3
        assert [s.result(60) for s in sealers] == [[]] * 3

    assert seal(now=NOW).size == 90 and not list(verify_tree(now=NOW))
    assert list(Leaf.objects.order_by("position").values_list("position", flat=True)) == list(range(90))
    assert Keeping.objects.count() == Head.objects.count()


@pytest.mark.django_db
def test_heads_that_could_not_be_kept_are_kept_later(heads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    entries(2)
    with monkeypatch.context() as patch:
        patch.setattr("jike.ledger.sealing.keep_head", full)
        with pytest.raises(OSError, match="disk full"):
            seal(now=NOW)
    assert Head.objects.count() == 1 and not list(verify_tree(now=NOW))
    late = [(b.kind, b.row) for b in verify_tree(now=NOW + timedelta(minutes=16))]
    assert late == [("not_kept", "ledger_head 2")]

    assert seal(now=NOW).kept == 1 and not list(verify_tree(now=NOW + timedelta(minutes=16)))


@pytest.mark.django_db
def test_without_a_place_outside_the_tree_stands_alone(settings: Any) -> None:
    entries(2)

    assert settings.HEADS_URL == "" and seal(now=NOW) == sealing.Sealing(2, 0, 2)
    assert not list(verify_tree(now=NOW))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["leaf", "subtree", "head", "keeping"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_tree_is_final(heads: Path, table: str, deed: str) -> None:
    entries(300)
    seal(now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    column = {"leaf": "hash", "subtree": "hash", "head": "root", "keeping": "at"}[table]

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(f"ledger_{table}", column, column))


@pytest.mark.django_db
def test_the_database_refuses_gaps_strangers_and_heads_that_lack_leaves(heads: Path) -> None:
    made = entries(4)
    seal(now=NOW)
    (fresh,) = entries(1)

    def refused(match: str, model: Any, **values: Any) -> None:
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            model(**values).save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused("without gaps", Leaf, position=5, entry=fresh.pk, hash=bytes(32))
    refused("without gaps", Leaf, position=-1, entry=fresh.pk, hash=bytes(32))
    refused("without gaps", Leaf, position=4, entry=uuid7(), hash=bytes(32))
    refused("ledger_leaf_entry_key", Leaf, position=4, entry=made[0].pk, hash=bytes(32))
    refused("ledger_leaf_pkey", Leaf, position=3, entry=fresh.pk, hash=bytes(32))
    refused("under no signed head", Leaf, position=4, entry=fresh.pk, hash=bytes(32))
    for size in (3, 5):
        refused("every leaf", Head, size=size, root=bytes(32), at=NOW, key_version=1, signature=bytes(64))
    assert seal(now=NOW).size == 5 and not list(verify_tree(now=NOW))


@pytest.mark.django_db
def test_the_signing_key_can_be_changed(heads: Path, settings: Any) -> None:
    old, new = "1:" + "A" * 43, "2:" + "B" * 42 + "A"
    settings.LEDGER_SIGNING_KEY = old
    entries(1)
    seal(now=NOW)
    settings.LEDGER_SIGNING_KEY = f"{old},{new}"
    entries(1)
    seal(now=NOW)

    assert [h.key_version for h in Head.objects.order_by("size")] == [1, 2] and not list(verify_tree(now=NOW))
    settings.LEDGER_SIGNING_KEY = new
    found = {(b.kind, b.row) for b in verify_tree(now=NOW)}
    assert {("key_unknown", "ledger_head 1")} <= found and {kind for kind, _row in found} == {"key_unknown"}


@pytest.mark.django_db
def test_commands_seal_and_give_the_public_key(heads: Path) -> None:
    entries(2)
    out = StringIO()
    call_command("seal", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"entries": 2, "kept": 1, "size": 2}
    out = StringIO()
    call_command("seal", stdout=out)
    assert out.getvalue() == "0 entries sealed, 0 heads written outside, 2 entries in the tree.\n"
    out = StringIO()
    call_command("seal", "--public-key", stdout=out)
    head = proofs.signed_head(Head.objects.get())
    assert out.getvalue().strip() == tree.public_pem(base64.b64decode(head["public_key"])).strip()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("point", ["ledger.sealing", "ledger.kept"])
def test_a_sealer_killed_at_any_point_is_made_good(heads: Path, settings: Any, tmp_path: Path, point: str) -> None:
    from tests.faults.stack import environment

    entries(5)
    env = environment(tmp_path, "", failpoint=point) | {"HEADS_URL": settings.HEADS_URL}
    killed = subprocess.run([sys.executable, "manage.py", "seal"], env=env, cwd=settings.BASE_DIR, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert not list(verify_tree(now=NOW))

    assert seal(now=NOW).size == 5
    assert not list(verify_tree(now=NOW + timedelta(days=1))) and Keeping.objects.count() == Head.objects.count() == 1
    assert len(list(outside.kept_heads(outside.outside()))) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("samples")
def test_positions_follow_each_chain(heads: Path) -> None:
    for _ in range(3):
        write_chain(4)
    seal(now=NOW)

    rows = Entry.objects.in_bulk(list(Leaf.objects.values_list("entry", flat=True)))
    seen: dict[Any, int] = {}
    for leaf in Leaf.objects.order_by("position"):
        entry = rows[leaf.entry]
        assert entry.seq == seen.get(entry.subject, 0) + 1
        seen[entry.subject] = entry.seq
    assert isinstance(proofs.place_of(leaf.entry).signed_at, datetime)
