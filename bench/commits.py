"""What durable commits cost on this server in bare SQL: plain, with an outbox row, chained per case, chained globally."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import psycopg

from bench.cpu import Meter
from bench.places import Database, create

HEADS = 64
TABLES = """
CREATE TABLE head (id int PRIMARY KEY, state int NOT NULL DEFAULT 0, seq bigint NOT NULL DEFAULT 0, mac bytea NOT NULL DEFAULT '');
CREATE TABLE event (id uuid PRIMARY KEY, head int NOT NULL, seq bigint NOT NULL, body text NOT NULL, UNIQUE (head, seq));
CREATE TABLE entry (id uuid PRIMARY KEY, head int NOT NULL, seq bigint NOT NULL, mac bytea NOT NULL, UNIQUE (head, seq));
CREATE TABLE job (id uuid PRIMARY KEY, key text NOT NULL UNIQUE, body jsonb NOT NULL, due_at timestamptz NOT NULL DEFAULT now());
INSERT INTO head (id) SELECT generate_series(0, 63);
"""
BODY = "x" * 300


@dataclass(frozen=True)
class Rate:
    """Transactions per second, CPU milliseconds of the backends per transaction."""

    per_second: float
    backend_ms: float


Writer = Callable[[psycopg.Cursor, int], None]


def plain(cursor: psycopg.Cursor, head: int) -> None:
    """State and event, the way a program without an audit chain writes."""
    row = cursor.execute(
        "UPDATE head SET state = state + 1, seq = seq + 1 WHERE id = %s RETURNING seq", [head]
    ).fetchone()
    assert row is not None
    cursor.execute("INSERT INTO event VALUES (%s, %s, %s, %s)", [uuid4(), head, row[0], BODY])


def with_outbox(cursor: psycopg.Cursor, head: int) -> None:
    plain(cursor, head)
    cursor.execute("INSERT INTO job (id, key, body) VALUES (%s, %s, '{}')", [uuid4(), uuid4().hex])


def _chained(cursor: psycopg.Cursor, head: int, chain: int) -> None:
    """State, event and an entry that hashes the last entry of `chain`, whose row is locked for it."""
    found = cursor.execute("SELECT seq, mac FROM head WHERE id = %s FOR UPDATE", [chain]).fetchone()
    assert found is not None
    seq, mac = found[0] + 1, hashlib.sha256(found[1] + BODY.encode()).digest()
    cursor.execute("INSERT INTO event VALUES (%s, %s, %s, %s)", [uuid4(), chain, seq, BODY])
    cursor.execute("INSERT INTO entry VALUES (%s, %s, %s, %s)", [uuid4(), chain, seq, mac])
    cursor.execute("UPDATE head SET state = state + 1, seq = %s, mac = %s WHERE id = %s", [seq, mac, chain])


def chained_per_case(cursor: psycopg.Cursor, head: int) -> None:
    _chained(cursor, head, head)


def chained_globally(cursor: psycopg.Cursor, head: int) -> None:
    _chained(cursor, head, 0)


WRITERS: dict[str, Writer] = {
    "plain": plain,
    "outbox": with_outbox,
    "per case": chained_per_case,
    "global": chained_globally,
}


def rate(database: Database, write: Writer, *, clients: int, seconds: float) -> Rate:
    """Run `write` in transactions of its own from `clients` connections, each on heads of its own, for so long."""
    done, lock, start = [0], threading.Lock(), threading.Barrier(clients + 1)  # met three times: begin, end, meter read

    def work(number: int) -> None:
        with database.connect() as connection:
            cursor, mine, count = connection.cursor(), [h for h in range(HEADS) if h % clients == number], 0
            start.wait()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                write(cursor, mine[count % len(mine)])
                connection.commit()
                count += 1
            start.wait()
            start.wait()
        with lock:
            done[0] += count

    threads = [threading.Thread(target=work, args=[number]) for number in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    meter, began = Meter(os.getpid(), [database.name]), time.perf_counter()
    start.wait()
    wall, used = time.perf_counter() - began, meter.read()
    start.wait()
    for thread in threads:
        thread.join()
    return Rate(done[0] / wall, used.backends * 1000 / max(done[0], 1))


def measured(server: Database, *, rounds: int, seconds: float) -> dict[tuple[str, int], Rate]:
    """The best of `rounds` interleaved turns of every writer, with one client and with eight."""
    database = create(server, "jike_bench_commits")
    with database.connect() as connection:
        connection.execute(TABLES)
    found: dict[tuple[str, int], list[Rate]] = {}
    for _ in range(rounds):
        for clients in (1, 8):
            for name, write in WRITERS.items():
                found.setdefault((name, clients), []).append(rate(database, write, clients=clients, seconds=seconds))
    return {key: max(rates, key=lambda one: one.per_second) for key, rates in found.items()}
