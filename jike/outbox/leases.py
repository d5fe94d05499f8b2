"""Claiming by compare-and-set, and the four ways in which a claimed job ends. Every write checks the fence."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from jike.base.dates import now as current_instant
from jike.base.failpoints import failpoint
from jike.outbox.bodies import fit_body, fit_code
from jike.outbox.errors import LeaseLost
from jike.outbox.models import Job
from jike.outbox.registry import Finish, Handler

logger = logging.getLogger(__name__)

_CLAIM = """
    UPDATE outbox_job
       SET state = 'running', fence = fence + 1, attempts = attempts + 1,
           lease_until = %(now)s + lease_seconds * interval '1 second'
     WHERE id = %(id)s
       AND (state = 'ready' AND due_at <= %(now)s OR state = 'running' AND lease_until < %(now)s)
 RETURNING topic, dedupe_key, body, subject, attempts, fence, lease_seconds
"""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job this worker holds until its lease ends. `attempts` counts this attempt; `key` goes to providers for deduplication."""

    id: UUID
    topic: str
    key: str
    body: dict[str, Any]
    subject: UUID | None
    attempts: int
    fence: int
    lease_seconds: int

    def extend(self, *, now: datetime | None = None) -> None:
        """A sign of life from long work: the lease starts anew. Raises `LeaseLost` when another worker has taken over."""
        until = (now or current_instant()) + timedelta(seconds=self.lease_seconds)
        if not self._row().update(lease_until=until):
            raise LeaseLost

    def _row(self) -> Any:
        return Job.objects.filter(pk=self.id, state=Job.State.RUNNING, fence=self.fence)


def claim(job_id: UUID, *, now: datetime) -> ClaimedJob | None:
    """Take the job if it is due, or if the lease of whoever had it has lapsed. None when there is nothing to take.

    The attempt is counted here, not at the end, so that a job which kills its worker also becomes a dead letter.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"id": job_id, "now": now})
        row = cursor.fetchone()
    if row is None:
        return None
    topic, key, body, subject, attempts, fence, lease_seconds = row
    failpoint("job.claimed")
    return ClaimedJob(job_id, topic, key, _loaded(body), subject, attempts, fence, lease_seconds)


def finish(job: ClaimedJob, record: Finish | None, *, now: datetime) -> None:
    """Record that the job is done, and what it brought about, in one transaction. Raises `LeaseLost` behind a newer fence."""
    with transaction.atomic():
        if not job._row().select_for_update().exists():
            raise LeaseLost
        receipt = record() if record else None
        Job.objects.filter(pk=job.id).update(
            state=Job.State.DONE,
            finished_at=now,
            lease_until=None,
            last_error="",
            receipt=fit_body(receipt) if isinstance(receipt, dict) else None,
        )
        failpoint("job.finishing")
    failpoint("job.committed")


def postpone(job: ClaimedJob, *, seconds: float, code: str, now: datetime) -> bool:
    """Put the job back for later without counting the attempt. False when another worker has it."""
    return bool(
        job._row().update(
            state=Job.State.READY,
            lease_until=None,
            published_at=None,
            attempts=F("attempts") - 1,
            due_at=now + timedelta(seconds=seconds),
            last_error=fit_code(code),
        )
    )


def fail(job: ClaimedJob, handler: Handler, *, code: str, now: datetime, after: float = 0) -> bool:
    """Put the job back with a doubling pause, or give up after the last attempt. False when another worker has it."""
    if job.attempts >= handler.max_attempts:
        return bury(job, code=code, now=now)
    pause = max(handler.pause_after(job.attempts), timedelta(seconds=after))
    return bool(
        job._row().update(
            state=Job.State.READY, lease_until=None, published_at=None, due_at=now + pause, last_error=fit_code(code)
        )
    )


def bury(job: ClaimedJob, *, code: str, now: datetime) -> bool:
    """Make the job a dead letter and raise the alarm: an error in the log, a line on the operations page."""
    buried = job._row().update(state=Job.State.DEAD, lease_until=None, finished_at=now, last_error=fit_code(code))
    if buried:
        logger.error("outbox.dead job=%s topic=%s attempts=%d code=%s", job.id, job.topic, job.attempts, fit_code(code))
    return bool(buried)


def _loaded(body: Any) -> dict[str, Any]:
    """Django hands out jsonb as text through raw cursors."""
    return json.loads(body) if isinstance(body, str) else body
