"""Workers for the kill tests: `python -m tests.outbox.worker FAILPOINT=JOB_ID…`, or `celery -A tests.outbox.worker worker`.

Its one topic sends a text message through the configured provider and records a follow-up job, all by the job's key.
"""

from __future__ import annotations

import os
import sys
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.settings")

from jike.celery import app  # the first import: it sets Django up

from jike.base.dates import now  # isort: skip
from jike.outbox import channels, jobs  # isort: skip

TOPIC = "tests.killed"
LEASE_SECONDS = 2
if os.environ.get("SWEEP_SOON"):  # set for the Celery worker, so that its first sweep does not take five seconds
    app.conf.beat_schedule["sweep"]["schedule"] = 0.5


@jobs.handler("tests.followed", queue="default")
def followed(job: jobs.ClaimedJob) -> None:
    """The consequence that must happen once."""


@jobs.handler(TOPIC, queue="notify", lease_seconds=LEASE_SECONDS)
def send(job: jobs.ClaimedJob) -> Any:
    receipt = channels.get("sms").send("13800138000", "", "您的投诉已受理。", key=job.key)

    def record() -> dict[str, str]:
        jobs.post("tests.followed", key=f"followed:{job.key}:{job.fence}", body={}, now=now())
        return {"provider_id": receipt.provider_id}

    return record


def killed_at(point: str, job_id: str) -> int:
    """Do the job in a process of its own that dies at `point`; how it ended."""
    child = os.fork()
    if child == 0:
        os.environ["FAILPOINT"] = point
        jobs.run_job(UUID(job_id))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        point, _, job_id = argument.partition("=")
        print(f"{point}={killed_at(point, job_id)}")

__all__ = ["app"]
