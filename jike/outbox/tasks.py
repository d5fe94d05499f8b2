"""What the doorbell starts. A forged, repeated or outdated ring does nothing."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from jike.base.dates import now as current_instant
from jike.outbox.application import app
from jike.outbox.sweeping import sweep
from jike.outbox.working import run_job, run_jobs, survive_database

logger = logging.getLogger(__name__)

MOST_IDS = 500


@app.task(name="outbox.run")
def run(job_id: str) -> None:
    """Do one job."""
    for wanted in _uuids([job_id]):
        survive_database(lambda wanted=wanted: run_job(wanted))  # type: ignore[misc]


@app.task(name="outbox.run_many")
def run_many(ids: list[str]) -> None:
    """Do up to 500 jobs of one queue, one after the other."""
    wanted = _uuids(ids)
    survive_database(lambda: run_jobs(wanted))


@app.task(name="outbox.sweep", time_limit=120, soft_time_limit=110)
def sweep_task() -> None:
    """One pass of timers and job recovery, unless another beat has just started one."""
    survive_database(lambda: sweep(now=current_instant(), by="worker"))


def _uuids(values: Any) -> list[UUID]:
    """The job ids in a message from the broker. Anything else is dropped without being logged."""
    if not isinstance(values, list) or len(values) > MOST_IDS:
        logger.warning("outbox.bad_ring code=ring.malformed")
        return []
    try:
        return [UUID(value) for value in values]
    except (ValueError, TypeError, AttributeError):
        logger.warning("outbox.bad_ring code=ring.malformed")
        return []
