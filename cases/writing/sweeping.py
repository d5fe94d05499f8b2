"""Drafts go after thirty days without a touch, looks after a quarter."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.writing.models import Draft, Look
from jike.outbox import jobs

DRAFTS_STAY = timedelta(days=30)
LOOKS_STAY = timedelta(days=90)


@jobs.timer("writing.sweep")
def drop_old(now: datetime) -> None:
    Draft.objects.filter(updated_at__lt=now - DRAFTS_STAY).delete()
    Look.objects.filter(seen_at__lt=now - LOOKS_STAY).delete()
