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
from functools import cache
from statistics import median
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup

from bench.cpu import Meter  # noqa: E402
from cases.clocks import sweep, telling  # noqa: E402
from cases.clocks.models import Clock  # noqa: E402
from cases.complaints.actions import classify_complaint  # noqa: E402
from cases.complaints.models import Complaint  # noqa: E402
from cases.messages import SEND_TOPIC  # noqa: E402
from jike import ledger  # noqa: E402
from jike.accounts.roles import actor_of, machine_actor  # noqa: E402
from jike.base.actors import Actor  # noqa: E402
from jike.base.ids import uuid7  # noqa: E402
from jike.ledger.models import Entry  # noqa: E402
from jike.outbox import jobs  # noqa: E402

SCRATCH = """
CREATE TABLE IF NOT EXISTS bench_head (id uuid PRIMARY KEY, state int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS bench_event (id uuid PRIMARY KEY, head uuid NOT NULL, body text NOT NULL);
"""
BODY, HEADS, WRITERS, GLOBAL_LOCK = "x" * 300, 64, 8, 7_301_150_099
NEXT = ledger.next_entry

Write = Callable[[int], Any]


def now() -> datetime:
    return datetime.now(UTC)


def head_of(n: int) -> UUID:
    return UUID(int=n % HEADS + 1)


def bare(n: int) -> None:
    """A fact in three statements: the row locked, changed, an event beside it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM bench_head WHERE id = %s FOR UPDATE", [head_of(n)])
        cursor.execute("UPDATE bench_head SET state = state + 1 WHERE id = %s", [head_of(n)])
        cursor.execute("INSERT INTO bench_event VALUES (%s, %s, %s)", [uuid7(), head_of(n), BODY])


def post(n: int) -> None:
    jobs.post(
        SEND_TOPIC,
        key=f"bench:{uuid7()}",
        body={"message": str(head_of(n))},
        now=now(),
        due_at=now() + timedelta(days=9),
    )


def bare_and_post(n: int) -> None:
    bare(n)
    post(n)


@cache
def handled(part: int) -> list[tuple[Complaint, Actor]]:
    """Open complaints with the actor of their handler: every eighth, beginning with `part`."""
    cases = Complaint.objects.filter(state="investigating").select_related("assignee").order_by("number")[:4000]
    return [(case, actor_of(case.assignee)) for case in list(cases)[part::WRITERS]]


def act(n: int, part: int = 0) -> None:
    """A real action on a real case: the headings set anew, with event and ledger entry."""
    mine = handled(part)
    case, actor = mine[n % len(mine)]
    codes = {"business_code": "JB0302", "cause_code": "JC01" if n // len(mine) % 2 else "JC05"}
    classify_complaint(case, actor=actor, now=now(), reason="Measured.", **codes)


def act_and_post(n: int) -> None:
    act(n)
    post(n)


def unchained(
    subject: UUID, topic: str, *, source: str, source_id: UUID, facts: dict[str, Any], now: datetime, **_: Any
) -> Entry:
    """What an audit line costs that is linked to nothing: the same row, no look at the one before, no keyed hash."""
    row = Entry(
        subject=subject,
        seq=facts["seq"],
        topic=topic,
        source=source,
        source_id=source_id,
        facts=facts,
        key_version=1,
        at=now,
    )
    row.digest = row.previous = row.mac = bytes(32)
    return row


def chained_globally(*words: Any, **named: Any) -> Any:
    """One chain for everybody: whoever appends waits until the one before has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GLOBAL_LOCK])
    return NEXT(*words, **named)


CHAINS: dict[str, Callable[..., Any]] = {"unchained": unchained, "per case": NEXT, "global": chained_globally}


def written(write: Write, seconds: float) -> int:
    """How many transactions of `write` fit into so many seconds."""
    until, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        with transaction.atomic():
            write(count)
        count += 1
    return count


def _writer(chain: str, part: int, seconds: float, start: Any, found: Any) -> None:
    ledger.next_entry = CHAINS[chain]
    handled(part)
    start.wait()
    found.put(written(lambda n: act(n, part), seconds))


def eight_writers(chain: str, seconds: float) -> float:
    """Transactions a second of eight processes, each acting on cases of its own."""
    connection.close()
    context = multiprocessing.get_context("fork")
    start, found = context.Barrier(WRITERS), context.Queue()
    workers = [context.Process(target=_writer, args=(chain, part, seconds, start, found)) for part in range(WRITERS)]
    for worker in workers:
        worker.start()
    total = sum(found.get(timeout=seconds + 60) for _ in workers)
    for worker in workers:
        worker.join()
    return total / seconds


def one_writer(write: Write, seconds: float) -> dict[str, float]:
    meter = Meter(os.getpid(), [str(connection.settings_dict["NAME"])])
    count = written(write, seconds)
    used = meter.read()
    return {"per_second": count / seconds, "cpu_ms": used.cpu * 1000 / max(count, 1), "others": used.others}


def writers(rounds: int, seconds: float) -> dict[str, Any]:
    """One writer with and without outbox, eight with and without chain, in turns; the best round of each."""
    with connection.cursor() as cursor:
        cursor.execute(SCRATCH)
        cursor.executemany(
            "INSERT INTO bench_head (id) VALUES (%s) ON CONFLICT DO NOTHING", [[head_of(n)] for n in range(HEADS)]
        )
    alone: dict[str, Write] = {"bare": bare, "bare outbox": bare_and_post, "action": act, "action outbox": act_and_post}
    one: dict[str, list[dict[str, float]]] = {name: [] for name in alone}
    eight: dict[str, list[float]] = {name: [] for name in CHAINS}
    for _ in range(rounds):
        for name, write in alone.items():
            one[name].append(one_writer(write, seconds))
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
        total += found
    return total


def swept_and_told(at: datetime) -> int:
    """The marks with all that follows in the cases: event, ledger entry, version, and the guards that fire at commit."""
    total, clock = swept(at), machine_actor("clock")
    while telling.tell(actor=clock, now=at):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
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
    idle, clock = [], machine_actor("clock")
    for _ in range(30):
        began = time.perf_counter()
        sweep.mark_breaches(long_ago)
        sweep.mark_warnings(long_ago)
        telling.tell(actor=clock, now=long_ago)
        idle.append(time.perf_counter() - began)
    began = time.perf_counter()
    rows = saved_one_by_one(later)
    each = (time.perf_counter() - began) / max(rows, 1)
    bare, ours = (min((pair[i] for pair in pairs), key=lambda one: one["seconds"]) for i in (0, 1))
    told = undone(lambda: swept_and_told(later))
    return {"bare": bare, "ours": ours, "told": told, "idle_ms": median(idle) * 1000, "orm_row_ms": each * 1000}


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    print(
        json.dumps({"sweep": sweeps(2 if quick else 3), "writers": writers(2 if quick else 3, 1.0 if quick else 2.0)})
    )
