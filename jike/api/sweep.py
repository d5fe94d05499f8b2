"""Forgetting: answers after two days, counters after an hour, callbacks after half a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from jike.api.models import Answer, Callback, Window
from jike.outbox import jobs

KEPT = (
    (Answer, "created_at", timedelta(days=2)),
    (Window, "started_at", timedelta(hours=1)),
    (Callback, "received_at", timedelta(days=180)),
)


@jobs.timer("api.forget")
def forget(now: datetime) -> None:
    for model, column, kept in KEPT:
        model._default_manager.filter(**{f"{column}__lt": now - kept}).delete()
