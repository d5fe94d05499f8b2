"""Who of the staff opened which case, for the consumer to see: recorded at the edge, after the page was made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7

# By hand: every look at a case passes here.
_NOTE = """
INSERT INTO privacy_readlog (id, scope, actor_id, day, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def note_read(actor: Actor, scope: UUID, *, now: datetime) -> None:
    """One row for each case, person and day, without personal data; the second look of a day leaves none."""
    if actor.is_staff and actor.id:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [uuid7(), scope, actor.id, cst_date(now), now])
