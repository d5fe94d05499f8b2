"""Dead letters: what the workers gave up, listed for operations, and put back by a person who has the power."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.outbox import doorbell
from jike.outbox.models import Job

RETRY = "operations.retry"


def dead_letters() -> QuerySet[Job]:
    """Jobs given up, newest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at")


def blockers_to_retry(job: Job, actor: Actor) -> list[Blocker]:
    found = []
    if not actor.can(RETRY):
        found.append(Blocker("actor.no_power", _("Your role may not restart jobs that were given up.")))
    if job.state != Job.State.DEAD:
        found.append(Blocker("job.not_dead", _("This job has not been given up.")))
    return found


def retry_dead(job: Job, *, actor: Actor, now: datetime) -> Job:
    """Give a dead letter its attempts back. Who did it stays on the row. Raises Refused, and then nothing has changed."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        refuse_if(blockers_to_retry(job, actor), verb=RETRY)
        job.state, job.attempts, job.finished_at = Job.State.READY, 0, None
        job.due_at = job.published_at = job.retried_at = now
        job.retried_by = actor.id or actor.person
        job.save(
            update_fields=["state", "attempts", "finished_at", "due_at", "published_at", "retried_at", "retried_by"]
        )
        transaction.on_commit(lambda: doorbell.ring_soon([(job.queue, job.pk)]), robust=True)
    return job
