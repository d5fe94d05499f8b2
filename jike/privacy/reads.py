"""Who of the staff opened which case, for the consumer to see: recorded at the edge, after the page was made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.privacy.models import ReadLog


def note_read(actor: Actor, scope: UUID, *, now: datetime) -> None:
    """One row for each case, person and day, without personal data; the second look of a day leaves none."""
    if actor.is_staff and actor.id:
        row = ReadLog(scope=scope, actor_id=actor.id, day=cst_date(now), at=now)
        ReadLog.objects.bulk_create([row], ignore_conflicts=True)
