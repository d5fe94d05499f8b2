"""The Celery application and its settings. Web processes use it to ring, workers and beat to run."""

from __future__ import annotations

from typing import Any

from celery import Celery
from django.conf import settings
from kombu import Queue

from jike.embedded.broker import broker_settings
from jike.outbox.registry import QUEUES

SWEEP_SECONDS = 5.0
HARD_LIMIT = 900  # seconds; below the visibility timeout, else Redis would deliver a running task twice
VISIBILITY_TIMEOUT = 3600


FIXED: dict[str, Any] = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_time_limit": HARD_LIMIT,
    "task_soft_time_limit": HARD_LIMIT - 60,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_default_queue": "default",
    "task_create_missing_queues": False,
    "task_routes": {
        "outbox.sweep": {"queue": "default"},
        "outbox.run": {"queue": "default"},
        "outbox.run_many": {"queue": "default"},
    },
    "task_publish_retry": False,
    "worker_lost_wait": 2.0,  # seconds until a killed child is noticed
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 500,
    "worker_max_memory_per_child": 500_000,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    # Held in memory: two beats on one machine share no file, and what they start is idempotent.
    "beat_scheduler": "celery.beat:Scheduler",
    "beat_max_loop_interval": SWEEP_SECONDS,
    "beat_schedule": {
        "sweep": {"task": "outbox.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": 2 * SWEEP_SECONDS}}
    },
    "timezone": "UTC",
    "enable_utc": True,
}


def celery_settings() -> dict[str, Any]:
    """What makes Celery a doorbell: acknowledged late, JSON only, hard limits, no results, three queues, one timer."""
    url, options = _broker()
    arguments = {"x-queue-type": "quorum"} if url.startswith(("amqp", "pyamqp")) else None
    return {
        "broker_url": url,
        "broker_transport_options": options,
        "broker_transport": "jike.outbox.folders:Transport" if url.startswith("filesystem") else None,
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_pool_limit": 2,
        "task_queues": [Queue(name, routing_key=name, queue_arguments=arguments) for name in QUEUES],
        **FIXED,
    }


def _broker() -> tuple[str, dict[str, Any]]:
    if settings.CELERY_BROKER_URL:
        url, options = settings.CELERY_BROKER_URL, {}
    else:
        embedded = broker_settings(settings.HOME)
        url, options = embedded["url"], dict(embedded["transport_options"])
    if url.startswith(("redis", "rediss", "valkey")):
        options = {"visibility_timeout": VISIBILITY_TIMEOUT, "socket_connect_timeout": 2, **options}
    return url, options


app = Celery("jike", set_as_current=True)
app.config_from_object(celery_settings())
