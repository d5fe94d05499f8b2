"""Doing a job: claim, work outside any transaction, finish. Nothing a handler raises leaves here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import Q

from jike.base.dates import now as current_instant
from jike.base.failpoints import failpoint
from jike.outbox import leases
from jike.outbox.bodies import fit_code
from jike.outbox.errors import Failed, GiveUp, LeaseLost, Postpone, UnknownTopic
from jike.outbox.leases import ClaimedJob
from jike.outbox.models import Job
from jike.outbox.registry import Handler, handler_of

logger = logging.getLogger(__name__)

Outcome = Literal["done", "idle", "postponed", "failed", "dead", "lost"]
Clock = Callable[[], datetime]

UNKNOWN_TOPIC_PAUSE = 60


def run_job(job_id: UUID, *, clock: Clock = current_instant) -> Outcome:
    """Do one job if it may be done now. Running it again, late or twice is harmless."""
    job = leases.claim(job_id, now=clock())
    if job is None:
        return "idle"
    try:
        handler = handler_of(job.topic)
    except UnknownTopic:
        # A worker of an older release: a newer one will know.
        leases.postpone(job, seconds=UNKNOWN_TOPIC_PAUSE, code="topic.unknown", now=clock())
        return "postponed"
    if job.attempts > handler.max_attempts:
        return "dead" if leases.bury(job, code="worker.lost", now=clock()) else "lost"
    try:
        record = handler.work(job)
        failpoint("job.sent")
        leases.finish(job, record, now=clock())
    except Exception as error:
        return _ended_badly(job, handler, error, now=clock())
    return "done"


def _ended_badly(job: ClaimedJob, handler: Handler, error: Exception, *, now: datetime) -> Outcome:
    """What to do about `error`. Its text may hold personal data and is neither kept nor logged, its class is."""
    code = (
        getattr(error, "code", "") if isinstance(error, (Postpone, Failed, GiveUp)) else f"error.{type(error).__name__}"
    )
    level = logging.INFO if isinstance(error, Postpone) else logging.WARNING
    logger.log(
        level, "outbox.ended job=%s topic=%s attempt=%d code=%s", job.id, job.topic, job.attempts, fit_code(code)
    )
    held: bool
    outcome: Outcome
    match error:
        case LeaseLost():
            return "lost"
        case Postpone():
            held, outcome = leases.postpone(job, seconds=error.seconds, code=code, now=now), "postponed"
        case GiveUp():
            held, outcome = leases.bury(job, code=code, now=now), "dead"
        case _:
            held = leases.fail(
                job, handler, code=code, now=now, after=getattr(error, "after", 0) if isinstance(error, Failed) else 0
            )
            outcome = "dead" if job.attempts >= handler.max_attempts else "failed"
    return outcome if held else "lost"


def run_jobs(job_ids: Iterable[UUID], *, clock: Clock = current_instant, seconds: float = 60) -> dict[str, int]:
    """Do those of `job_ids` that may be done now, the longest due first and then as posted, one after the other, for at most about `seconds`; counts by outcome.

    What is left over is rung for again by the sweep: nothing was claimed ahead.
    """
    wanted = list(job_ids)
    open_ids = list(
        Job.objects.filter(due_jobs(clock()), pk__in=wanted).order_by("due_at", "pk").values_list("pk", flat=True)
    )
    counts: dict[str, int] = {}
    stop_at = time.monotonic() + seconds
    for job_id in open_ids:
        outcome = run_job(job_id, clock=clock)
        counts[outcome] = counts.get(outcome, 0) + 1
        if time.monotonic() > stop_at:
            break
    return counts


def run_due(*, clock: Clock = current_instant, limit: int = 10_000) -> dict[str, int]:
    """Do everything that is due, in this process, including what the work posts. For commands and tests without a worker."""
    counts: dict[str, int] = {}
    while sum(counts.values()) < limit:
        found = list(Job.objects.filter(due_jobs(clock())).order_by("due_at", "pk").values_list("pk", flat=True)[:500])
        worked = run_jobs(found, clock=clock, seconds=3600)
        for outcome, count in worked.items():
            counts[outcome] = counts.get(outcome, 0) + count
        if not set(worked) - {"idle", "lost"}:
            break
    return counts


def due_jobs(now: datetime) -> Q:
    """The jobs a worker may claim at `now`."""
    return Q(state=Job.State.READY, due_at__lte=now) | Q(state=Job.State.RUNNING, lease_until__lt=now)


def survive_database(work: Callable[[], object]) -> None:
    """Run a worker's task; a database that is away costs this ring only, the sweep rings again when it is back."""
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        work()
    except (DatabaseError, InterfaceError) as error:
        logger.error("outbox.database code=error.%s", type(error).__name__)
        if not connection.in_atomic_block:
            connection.close()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
