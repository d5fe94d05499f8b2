"""Asking a worker to make a bundle, and whether one is at it."""

from __future__ import annotations

from datetime import datetime

from cases.bundles.models import Bundle
from jike.outbox import jobs
from jike.outbox.models import Job

TOPIC = "bundles.build"


def ask(bundle: Bundle, *, attempt: int, now: datetime) -> None:
    """Within the transaction of the act that asks; `attempt` is another number for each act."""
    jobs.post(TOPIC, key=f"{_key(bundle)}{attempt}", body={"bundle": str(bundle.pk)}, now=now)


def latest(bundle: Bundle) -> Job | None:
    """The job of the last act that asked."""
    return Job.objects.filter(dedupe_key__startswith=_key(bundle)).order_by("-created_at").first()


def is_being_made(bundle: Bundle) -> bool:
    """Whether a worker is at it or will be; not when it was halted or given up."""
    job = latest(bundle)
    return job is not None and job.state in (Job.State.READY, Job.State.RUNNING)


def _key(bundle: Bundle) -> str:
    return f"{TOPIC}:{bundle.pk}:"
