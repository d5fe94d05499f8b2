"""The sweep: timers, and a second ring for every job that is due and that nobody has taken."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import close_old_connections, connection

from jike.outbox import doorbell
from jike.outbox.models import Job, Pulse
from jike.outbox.registry import timers

logger = logging.getLogger(__name__)

RING_AGAIN_AFTER = timedelta(seconds=15)
SHORTEST_INTERVAL = timedelta(seconds=4)
RING_BATCH = 5_000
MOST_BATCHES = 40
_LOCK = 0x4A696B65_00000001  # "Jike", 1: the sweep

# Materialised: as a plain sub-query the planner may run it more than once, and the limit then holds for each run.
_FIND = """
    WITH found AS MATERIALIZED (
        SELECT id FROM outbox_job
         WHERE (state = 'ready' AND due_at <= %(now)s OR state = 'running' AND lease_until < %(now)s)
           AND (published_at IS NULL OR published_at <= %(before)s)
         ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    UPDATE outbox_job SET published_at = %(now)s FROM found WHERE outbox_job.id = found.id
 RETURNING outbox_job.queue, outbox_job.id, outbox_job.state
"""
_PULSE = """
    INSERT INTO outbox_pulse (name, at) VALUES (%(name)s, %(now)s)
    ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at WHERE outbox_pulse.at <= %(before)s
    RETURNING at
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one pass did: timers run and failed, jobs rung for, jobs taken back from lapsed leases."""

    timers: int = 0
    timers_failed: int = 0
    rung: int = 0
    recovered: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def sweep(*, now: datetime, by: Literal["worker", "command"] = "command") -> Swept | None:
    """One pass. None when another pass is running, or (asked by a worker) has begun less than four seconds ago."""
    with _alone() as alone:
        if not alone or not _beat(by, now=now):
            return None
        ran, failed = _run_timers(now)
        rung, recovered = ring_due(now=now)
    return Swept(ran, failed, rung, recovered)


def ring_due(*, now: datetime) -> tuple[int, int]:
    """Ring for what is due and was not rung for in the last 15 seconds; how many, and how many of them had lost their worker."""
    rung = recovered = 0
    for _ in range(MOST_BATCHES):
        with connection.cursor() as cursor:
            cursor.execute(_FIND, {"now": now, "before": now - RING_AGAIN_AFTER, "limit": RING_BATCH})
            found = cursor.fetchall()
        rung += len(found)
        recovered += sum(state == Job.State.RUNNING for _queue, _id, state in found)
        if found and not doorbell.ring((queue, job_id) for queue, job_id, _state in found):
            break
        if len(found) < RING_BATCH:
            break
    return rung, recovered


def worker_seen_since(at: datetime) -> bool:
    """Whether a worker has swept since `at`: the sign that one is alive and that the broker carries its calls."""
    return Pulse.objects.filter(name="worker", at__gte=at).exists()


def _beat(by: str, *, now: datetime) -> bool:
    with connection.cursor() as cursor:
        before = now - SHORTEST_INTERVAL if by == "worker" else now + timedelta(days=36_500)
        cursor.execute(_PULSE, {"name": by, "now": now, "before": before})
        return cursor.fetchone() is not None


def _run_timers(now: datetime) -> tuple[int, int]:
    failed = 0
    for name, work in timers().items():
        try:
            work(now)
        except Exception as error:  # one broken timer must not stop the others
            failed += 1
            if not connection.in_atomic_block:
                close_old_connections()
            logger.error("outbox.timer_failed timer=%s code=error.%s", name, type(error).__name__)
    return len(timers()), failed


@contextmanager
def _alone() -> Iterator[bool]:
    """True for one sweep at a time in the whole installation. The lock goes with the connection if this process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
