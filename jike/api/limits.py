"""How often somebody may ask: a fixed minute per key, account or address, counted in the database.

The database and not a cache of the process: every worker counts the same, and nothing else has to run. One UPSERT on an
unlogged table, committed without waiting for the disk. It is written by the middleware, outside the guard of reading requests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

_COUNT = """
    INSERT INTO api_window (subject, started_at, count) VALUES (%(subject)s, %(minute)s, 1)
    ON CONFLICT (subject) DO UPDATE SET
        count = CASE WHEN api_window.started_at = excluded.started_at THEN api_window.count + 1 ELSE 1 END,
        started_at = excluded.started_at
    RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Share:
    """What is left of a minute. `headers` are those of draft-ietf-httpapi-ratelimit-headers, as most clients read them."""

    limit: int
    count: int
    seconds: int

    @property
    def is_used_up(self) -> bool:
        return self.count > self.limit

    @property
    def headers(self) -> dict[str, str]:
        found = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.count)),
            "RateLimit-Reset": str(self.seconds),
        }
        return {**found, "Retry-After": str(self.seconds)} if self.is_used_up else found


def take(subject: UUID, *, limit: int, now: datetime) -> Share:
    """Count one request of `subject` and tell what is left of its minute."""
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"subject": subject, "minute": minute})
        count = cursor.fetchone()[0]
    left = (minute + timedelta(minutes=1) - now).total_seconds()
    return Share(limit, count, max(1, math.ceil(left)))
