"""What needs no web server: outbox, chain and sweep, asked of the product's own functions in a working copy.

Printed as one line of JSON. Run by `bench.run` with the product's environment.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup

from bench.cpu import Meter  # noqa: E402
from cases.clocks import sweep  # noqa: E402
from cases.clocks.models import Clock  # noqa: E402
from cases.messages import SEND_TOPIC  # noqa: E402
from jike import ledger  # noqa: E402
from jike.base.ids import uuid7  # noqa: E402
from jike.outbox import jobs  # noqa: E402

SCRATCH = """
CREATE TABLE IF NOT EXISTS bench_head (id uuid PRIMARY KEY, state int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS bench_event (id uuid PRIMARY KEY, head uuid NOT NULL, body text NOT NULL);
"""
BODY, HEADS, WRITERS = "x" * 300, 64, 8
EVERYBODY = UUID(int=1)

Write = Callable[[UUID], None]


def now() -> datetime:
    return datetime.now(UTC)


def plain(head: UUID) -> None:
    """The fact alone: the row locked, changed, an event beside it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM bench_head WHERE id = %s FOR UPDATE", [head])
        cursor.execute("UPDATE bench_head SET state = state + 1 WHERE id = %s", [head])
        cursor.execute("INSERT INTO bench_event VALUES (%s, %s, %s)", [uuid7(), head, BODY])


def with_outbox(head: UUID) -> None:
    plain(head)
    jobs.post(
        SEND_TOPIC, key=f"bench:{uuid7()}", body={"message": str(head)}, now=now(), due_at=now() + timedelta(days=9)
    )


def chained(head: UUID) -> None:
    plain(head)
    ledger.append(head, "bench.written", source="bench", source_id=uuid7(), facts={"head": str(head)}, now=now())


def chained_globally(head: UUID) -> None:
    """Everybody in one chain, whose head row is locked: what a global chain would cost."""
    plain(head)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM bench_head WHERE id = %s FOR UPDATE", [EVERYBODY])
    ledger.append(EVERYBODY, "bench.written", source="bench", source_id=uuid7(), facts={"head": str(head)}, now=now())


FACTS: dict[str, Write] = {"plain": plain, "outbox": with_outbox, "per case": chained, "global": chained_globally}


def heads() -> list[UUID]:
    return [UUID(int=n + 2) for n in range(HEADS)]


def written(write: Write, mine: list[UUID], seconds: float) -> int:
    """How many transactions of `write` fit into so many seconds."""
    until, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        with transaction.atomic():
            write(mine[count % len(mine)])
        count += 1
    return count


def _writer(name: str, number: int, seconds: float, start: Any, found: Any) -> None:
    connection.ensure_connection()
    start.wait()
    found.put(written(FACTS[name], [head for i, head in enumerate(heads()) if i % WRITERS == number], seconds))


def eight_writers(name: str, seconds: float) -> float:
    """Transactions a second of eight processes, each on cases of its own."""
    connection.close()
    context = multiprocessing.get_context("fork")
    start, found = context.Barrier(WRITERS), context.Queue()
    workers = [context.Process(target=_writer, args=(name, n, seconds, start, found)) for n in range(WRITERS)]
    for worker in workers:
        worker.start()
    total = sum(found.get(timeout=seconds + 60) for _ in workers)
    for worker in workers:
        worker.join()
    return total / seconds


def one_writer(name: str, seconds: float) -> dict[str, float]:
    meter = Meter(os.getpid(), [str(connection.settings_dict["NAME"])])
    count = written(FACTS[name], heads(), seconds)
    return {"per_second": count / seconds, "cpu_ms": meter.read().cpu * 1000 / max(count, 1)}


def writers(rounds: int, seconds: float) -> dict[str, Any]:
    """One and eight writers of every kind, in turns; the best round of each."""
    with connection.cursor() as cursor:
        cursor.execute(SCRATCH)
        cursor.executemany(
            "INSERT INTO bench_head (id) VALUES (%s) ON CONFLICT DO NOTHING", [[head] for head in [EVERYBODY, *heads()]]
        )
    one = {name: [one_writer(name, seconds) for _ in range(rounds)] for name in ("plain", "outbox")}
    eight: dict[str, list[float]] = {name: [] for name in ("plain", "per case", "global")}
    for _ in range(rounds):
        for name, rates in eight.items():
            rates.append(eight_writers(name, seconds))
    return {
        "one": {name: max(found, key=lambda r: r["per_second"]) for name, found in one.items()},
        "eight": {name: max(rates) for name, rates in eight.items()},
    }


class _Undo(Exception):
    """Ends a transaction without keeping it."""


def undone(work: Callable[[], int]) -> dict[str, float]:
    """Seconds and CPU of `work`, whose changes are not kept; `rows` is what it answers."""
    meter, began, rows = Meter(os.getpid(), [str(connection.settings_dict["NAME"])]), time.perf_counter(), 0
    try:
        with transaction.atomic():
            rows = work()
            took = time.perf_counter() - began
            used = meter.read()
            raise _Undo
    except _Undo:
        return {"rows": rows, "seconds": took, "cpu": used.cpu}


def bare_update(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clocks_clock SET breached_at = %s, warn_at = NULL WHERE state = 'running' AND duty = 'ours' AND breached_at IS NULL AND due_at <= %s",
            [at, at],
        )
        return int(cursor.rowcount)


def swept(at: datetime) -> int:
    total = 0
    while found := sweep.mark_breaches(at):
        total += len(found)
    return total


def saved_one_by_one(at: datetime, limit: int = 400) -> int:
    """What a loop over the ORM does: load, set, save, each row a transaction of its own. Keeps its changes."""
    clocks = list(Clock.objects.filter(state="running", duty="ours", breached_at=None).order_by("-due_at")[:limit])
    for clock in clocks:
        clock.breached_at, clock.warn_at = at, None
        clock.save(update_fields=["breached_at", "warn_at"])
    return len(clocks)


def sweeps(rounds: int) -> dict[str, Any]:
    """All running clocks fall due at once, in bare SQL and by the product, undone each time; then nothing is due."""
    later, long_ago = now() + timedelta(days=90), datetime(2000, 1, 1, tzinfo=UTC)
    pairs = [(undone(lambda: bare_update(later)), undone(lambda: swept(later))) for _ in range(rounds)]
    idle = []
    for _ in range(30):
        began = time.perf_counter()
        sweep.mark_breaches(long_ago)
        idle.append(time.perf_counter() - began)
    began = time.perf_counter()
    rows = saved_one_by_one(later)
    each = (time.perf_counter() - began) / max(rows, 1)
    bare, ours = (min((pair[i] for pair in pairs), key=lambda one: one["seconds"]) for i in (0, 1))
    return {"bare": bare, "ours": ours, "idle_ms": median(idle) * 1000, "orm_row_ms": each * 1000}


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    print(
        json.dumps({"sweep": sweeps(2 if quick else 3), "writers": writers(2 if quick else 3, 1.0 if quick else 2.0)})
    )
