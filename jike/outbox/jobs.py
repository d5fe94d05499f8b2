"""The outbox as its users see it: what to post, how to work it, how to end."""

from jike.outbox.dead_letters import dead_letters, retry_dead
from jike.outbox.errors import Failed, GiveUp, LeaseLost, Postpone, Unfit, UnknownTopic
from jike.outbox.leases import ClaimedJob
from jike.outbox.models import Job
from jike.outbox.posting import NewJob, post, post_many, rows_for
from jike.outbox.registry import handler, timer
from jike.outbox.sweeping import sweep
from jike.outbox.working import run_due, run_job

__all__ = [
    "ClaimedJob",
    "Failed",
    "GiveUp",
    "Job",
    "LeaseLost",
    "NewJob",
    "Postpone",
    "Unfit",
    "UnknownTopic",
    "dead_letters",
    "handler",
    "post",
    "post_many",
    "retry_dead",
    "rows_for",
    "run_due",
    "run_job",
    "sweep",
    "timer",
]
