"""What somebody with every right in the database may do to a sealed ledger, and which row must then be named."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jike import files, ledger
from jike.base.ids import uuid7
from jike.files import store
from jike.files.models import StoredFile
from jike.ledger import outside
from jike.ledger.models import Entry, Head, Leaf, Stamp
from jike.ledger.sealing import seal
from jike.ledger.stamps import moment_of, request_for, token_of
from jike.ledger.tree import leaf_hash
from jike.outbox.fakes.tsa import FakeTsa
from jike.privacy.keyring import keyring
from tests.ledger.samples import NOW, Fact, write_chain

GUARDED = (
    *("ledger_entry", "ledger_leaf", "ledger_subtree", "ledger_head", "ledger_keeping", "ledger_stamp"),
    "files_storedfile",
)
Named = set[Any]
"""Ids of entries and rows, any one of which must be named."""


@dataclass
class World:
    """A sealed ledger of several chains under several heads, with stamps and files."""

    dice: random.Random
    chains: list[tuple[UUID, list[Entry]]] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)

    def entry(self) -> Entry:
        return self.dice.choice([e for _subject, chain in self.chains for e in chain])

    def two_entries(self) -> tuple[Entry, Entry]:
        one, two = self.dice.sample([e for _subject, chain in self.chains for e in chain], 2)
        return one, two

    def chain(self) -> tuple[UUID, list[Entry]]:
        return self.dice.choice(self.chains)


def make_world(seed: int, tsa: FakeTsa) -> World:
    """`seed` decides how long the chains are; everything is sealed under four heads, the third stamped, with three files."""
    world = World(random.Random(seed))
    for number in range(4):
        for _ in range(2):
            world.chains.append(write_chain(world.dice.randint(3, 5)))
        seal(now=NOW + timedelta(minutes=number))
        if number == 2:
            stamp(Head.objects.order_by("-size")[0], tsa)
    scope = uuid7()
    for number in range(3):
        content = world.dice.randbytes(1000 + number)
        world.files.append(files.put(scope, content, media_type="image/png", display_name=f"证据{number}.png", now=NOW))
    return world


def stamp(head: Head, tsa: FakeTsa) -> Stamp:
    asked, nonce = request_for(head.body())
    token = token_of(tsa.answer(asked), head.body(), nonce)
    row = Stamp.objects.create(head=head, token=token, at=moment_of(token, head.body()))
    outside.keep_stamp(outside.outside(), row)
    return row


@contextmanager
def superuser() -> Iterator[Any]:
    """A cursor of the owner of the tables, who has switched their guards off."""
    with connection.cursor() as cursor:
        guards(cursor, "DISABLE")
        yield cursor
        guards(cursor, "ENABLE")


def guards(cursor: Any, order: str) -> None:
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in GUARDED:
        cursor.execute(f"ALTER TABLE {table} {order} TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def edit_entry(world: World, cursor: Any) -> Named:
    entry = world.entry()
    change = world.dice.choice(
        ["topic = topic || 'x'", "at = at + interval '1 s'", """facts = facts || '{"count": 4}'""", "txid = txid + 1"]
        + [f"{name} = sha256({name})" for name in ("digest", "mac", "previous")]
    )
    cursor.execute(f"UPDATE ledger_entry SET {change} WHERE id = %s", [entry.pk])
    return {entry.pk}


def delete_entry(world: World, cursor: Any) -> Named:
    entry = world.entry()
    cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [entry.pk])
    return {entry.pk}


def insert_entry(world: World, cursor: Any) -> Named:
    """One that is genuine even to the chain: the forger has LEDGER_KEY. Without triggers nobody is to seal it."""
    subject, chain = world.chain()
    return {append_with_key(cursor, subject, chain[-1]).pk}


def append_with_key(cursor: Any, subject: UUID, last: Entry) -> Entry:
    fact = Fact(subject=subject, verb="forged")
    cursor.execute("INSERT INTO tests_ledger_fact VALUES (%s, %s, %s)", [fact.pk, subject, fact.verb])
    entry = ledger.append(
        subject,
        "forged",
        source="tests.fact",
        source_id=fact.pk,
        facts=fact.facts(),
        now=NOW,
        last=(last.seq, bytes(last.mac)),
    )
    cursor.execute("UPDATE tests_ledger_subject SET version = %s WHERE id = %s", [entry.seq, subject])
    return entry


def swap_entries(world: World, cursor: Any) -> Named:
    _subject, chain = world.chain()
    one, two = world.dice.sample(chain, 2)
    for pk, seq in [(one.pk, 9999), (two.pk, one.seq), (one.pk, two.seq)]:
        cursor.execute("UPDATE ledger_entry SET seq = %s WHERE id = %s", [seq, pk])
    return {one.pk, two.pk}


def truncate_tail(world: World, cursor: Any) -> Named:
    """The last entry of a chain goes, with its fact and the version: the chain itself looks whole."""
    subject, chain = world.chain()
    last = chain[-1]
    cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [last.pk])
    cursor.execute("DELETE FROM tests_ledger_fact WHERE id = %s", [last.source_id])
    cursor.execute("UPDATE tests_ledger_subject SET version = %s WHERE id = %s", [last.seq - 1, subject])
    return {last.pk}


def reappend_tail(world: World, cursor: Any) -> Named:
    """The same, and another one in its place, made with the key."""
    subject, chain = world.chain()
    truncate = chain[-1]
    cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [truncate.pk])
    cursor.execute("DELETE FROM tests_ledger_fact WHERE id = %s", [truncate.source_id])
    new = append_with_key(cursor, subject, chain[-2])
    return {truncate.pk, new.pk}


def restamp_chain(world: World, cursor: Any) -> Named:
    """A fact is rewritten and every mac after it made anew with the key: the chain verifies."""
    _subject, chain = world.chain()
    place = world.dice.randrange(len(chain))
    rows = list(Entry.objects.filter(pk__in=[e.pk for e in chain[place:]]).order_by("seq"))
    cursor.execute("UPDATE tests_ledger_fact SET verb = 'rewritten' WHERE id = %s", [rows[0].source_id])
    rows[0].facts["verb"] = "rewritten"
    rewrite(cursor, rows)
    return {rows[0].pk}


def rewrite(cursor: Any, rows: list[Entry]) -> None:
    import hashlib

    mac = bytes(rows[0].previous)
    for row in rows:
        row.previous, row.digest = mac, hashlib.sha256(ledger.canonical(row.facts)).digest()
        mac = row.mac = row.mac_under(keyring("LEDGER_KEY").keys[row.key_version])
        cursor.execute(
            "UPDATE ledger_entry SET facts = %s::jsonb, digest = %s, previous = %s, mac = %s WHERE id = %s",
            [json.dumps(row.facts), row.digest, row.previous, row.mac, row.pk],
        )


def restamp_chain_and_tree(world: World, cursor: Any) -> Named:
    """The same, and the leaves follow. Only the signed heads, and what lies outside, say otherwise."""
    named = restamp_chain(world, cursor)
    for entry in Entry.objects.all():
        cursor.execute("UPDATE ledger_leaf SET hash = %s WHERE entry = %s", [leaf_hash(entry.leaf()), entry.pk])
    return named


def rebuild_everything(world: World, cursor: Any) -> Named:
    """With every key: chain, leaves and heads are made anew and signed. Only what lies outside says otherwise."""
    named = restamp_chain(world, cursor)
    times = dict(Head.objects.values_list("size", "at"))
    for table in ("stamp", "keeping", "head", "subtree", "leaf"):
        cursor.execute(f"DELETE FROM ledger_{table}")
    order = [row.pk for row in sorted(Entry.objects.all(), key=lambda e: (e.subject, e.seq))]
    cursor.execute("INSERT INTO ledger_unsealed SELECT unnest(%s::uuid[])", [order])
    guards(cursor, "ENABLE")
    seal(now=max(times.values()))
    return named


def edit_source(world: World, cursor: Any) -> Named:
    entry = world.entry()
    cursor.execute("UPDATE tests_ledger_fact SET verb = 'edited' WHERE id = %s", [entry.source_id])
    return {entry.pk}


def delete_source(world: World, cursor: Any) -> Named:
    entry = world.entry()
    cursor.execute("DELETE FROM tests_ledger_fact WHERE id = %s", [entry.source_id])
    return {entry.pk}


def insert_source(world: World, cursor: Any) -> Named:
    fact = Fact(subject=world.chain()[0], verb="forged")
    cursor.execute("INSERT INTO tests_ledger_fact VALUES (%s, %s, %s)", [fact.pk, fact.subject, fact.verb])
    return {fact.pk}


def edit_leaf(world: World, cursor: Any) -> Named:
    leaf = Leaf.objects.get(entry=world.entry().pk)
    change = world.dice.choice(["hash = sha256(hash)", "entry = gen_random_uuid()"])
    cursor.execute(f"UPDATE ledger_leaf SET {change} WHERE position = %s", [leaf.pk])
    return {f"ledger_leaf {leaf.pk}"}


def delete_leaf(world: World, cursor: Any) -> Named:
    leaf = Leaf.objects.get(entry=world.entry().pk)
    cursor.execute("DELETE FROM ledger_leaf WHERE position = %s", [leaf.pk])
    return {f"ledger_leaf {leaf.pk}"}


def swap_leaves(world: World, cursor: Any) -> Named:
    one, two = (Leaf.objects.get(entry=entry.pk) for entry in world.two_entries())
    for new, place in [(-1, one.pk), (one.pk, two.pk), (two.pk, -1)]:
        cursor.execute("UPDATE ledger_leaf SET position = %s WHERE position = %s", [new, place])
    return {one.entry, two.entry}


def insert_leaf(world: World, cursor: Any) -> Named:
    place, pk = Leaf.objects.count(), uuid7()
    cursor.execute("INSERT INTO ledger_leaf VALUES (%s, %s, sha256(''))", [place, pk])
    return {f"ledger_leaf {place}"}


def edit_head(world: World, cursor: Any) -> Named:
    head = world.dice.choice(list(Head.objects.all()))
    change = world.dice.choice(
        ["root = sha256(root)", "at = at - interval '1 day'", "signature = signature || ''::bytea", "key_version = 7"]
    )
    change = "signature = set_byte(signature, 3, get_byte(signature, 3) # 1)" if "||" in change else change
    cursor.execute(f"UPDATE ledger_head SET {change} WHERE size = %s", [head.pk])
    return {f"ledger_head {head.pk}"}


def delete_head(world: World, cursor: Any) -> Named:
    head = world.dice.choice(list(Head.objects.all()))
    for table, column in (("stamp", "head_id"), ("keeping", "head_id"), ("head", "size")):
        cursor.execute(f"DELETE FROM ledger_{table} WHERE {column} = %s", [head.pk])
    return {f"ledger_head {head.pk}"}


def edit_stamp(world: World, cursor: Any) -> Named:
    pk = Stamp.objects.get().pk
    change = world.dice.choice(
        [
            "at = at - interval '1 day'",
            "token = set_byte(token, length(token) - 5, get_byte(token, length(token) - 5) # 1)",
            "token = ''",
        ]
    )
    cursor.execute(f"UPDATE ledger_stamp SET {change}")
    return {f"ledger_stamp {pk}"}


def delete_stamp(world: World, cursor: Any) -> Named:
    pk = Stamp.objects.get().pk
    cursor.execute("DELETE FROM ledger_stamp")
    return {f"ledger_stamp {pk}"}


def swap_files(world: World, cursor: Any) -> Named:
    """Two files of one case, under one key, exchanged whole."""
    one, two = world.dice.sample(world.files, 2)
    first, second = (store._path(row.scope, bytes(row.sha256)) for row in (one, two))
    blob = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(blob)
    return {f"files_storedfile {one.pk}", f"files_storedfile {two.pk}"}


def edit_file(world: World, cursor: Any) -> Named:
    row = world.dice.choice(world.files)
    path = store._path(row.scope, bytes(row.sha256))
    blob = bytearray(path.read_bytes())
    blob[world.dice.randrange(len(blob))] ^= 1
    path.write_bytes(bytes(blob))
    return {f"files_storedfile {row.pk}"}


def delete_file(world: World, cursor: Any) -> Named:
    row = world.dice.choice(world.files)
    store._path(row.scope, bytes(row.sha256)).unlink()
    return {f"files_storedfile {row.pk}"}


def swap_columns(world: World, cursor: Any) -> Named:
    """The sealed names of two files exchanged: the same key, the same table, the same column."""
    one, two = world.dice.sample(world.files, 2)
    cursor.execute(
        "UPDATE files_storedfile a SET display_name = b.display_name FROM files_storedfile b"
        " WHERE a.id = ANY(%s) AND b.id = ANY(%s) AND a.id <> b.id",
        [[one.pk, two.pk]] * 2,
    )
    return {f"files_storedfile {one.pk}", f"files_storedfile {two.pk}"}


def delete_waiting(world: World, cursor: Any) -> Named:
    """An entry that was not sealed yet is to be forgotten by the sealer."""
    guards(cursor, "ENABLE")
    _subject, (entry,) = write_chain(1)
    cursor.execute("DELETE FROM ledger_unsealed WHERE entry = %s", [entry.pk])
    return {entry.pk}


def delete_unsealed_entry(world: World, cursor: Any) -> Named:
    guards(cursor, "ENABLE")
    subject, (entry,) = write_chain(1)
    guards(cursor, "DISABLE")
    cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [entry.pk])
    cursor.execute("DELETE FROM tests_ledger_fact WHERE subject = %s", [subject])
    cursor.execute("UPDATE tests_ledger_subject SET version = 0 WHERE id = %s", [subject])
    return {entry.pk}


def roll_back(world: World, cursor: Any) -> Named:
    """The whole database is what it was an hour ago; only what lies outside knows of the hour."""
    guards(cursor, "ENABLE")
    point = transaction.savepoint()
    _subject, chain = write_chain(3)
    seal(now=NOW + timedelta(hours=1))
    transaction.savepoint_rollback(point)
    return {entry.pk for entry in chain}


def roll_back_and_go_on(world: World, cursor: Any) -> Named:
    """The same, and work has gone on since, as far as before and sealed."""
    named = roll_back(world, cursor)
    write_chain(3)
    seal(now=NOW + timedelta(hours=2))
    return named


KINDS: list[Callable[[World, Any], Named]] = [
    edit_entry, delete_entry, insert_entry, swap_entries, truncate_tail, reappend_tail, restamp_chain, restamp_chain_and_tree,
    rebuild_everything, edit_source, delete_source, insert_source, edit_leaf, delete_leaf, swap_leaves, insert_leaf, edit_head, delete_head,
    edit_stamp, delete_stamp, swap_files, edit_file, delete_file, swap_columns, delete_waiting, delete_unsealed_entry, roll_back,
    roll_back_and_go_on,
]  # fmt: skip
