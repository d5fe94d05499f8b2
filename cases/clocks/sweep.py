"""What time itself brings about: clocks that run out, and warnings that fall due. Set-wise, one statement per batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

BATCH = 5_000

# Rows somebody is changing right now are left for the next pass: the one who holds them may be stopping the clock in time.
# Materialised: a plain sub-query may be run more than once, and the limit would hold for each run.
_BREACH = """
WITH late AS MATERIALIZED (
    SELECT id FROM clocks_clock
    WHERE state = 'running' AND duty = 'ours' AND breached_at IS NULL AND due_at <= %(now)s - interval '1 second'
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE clocks_clock c SET breached_at = %(now)s, warn_at = NULL FROM late WHERE c.id = late.id
RETURNING c.id, c.case_id, c.code, c.due_at, 100
"""

_WARN = """
WITH near AS MATERIALIZED (
    SELECT id FROM clocks_clock WHERE warn_at <= %(now)s AND breached_at IS NULL
    ORDER BY warn_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE clocks_clock c SET
    stage = (SELECT count(*) FROM unnest(c.warnings) AS w WHERE w <= %(now)s),
    warn_at = (SELECT min(w) FROM unnest(c.warnings) AS w WHERE w > %(now)s)
FROM near WHERE c.id = near.id
RETURNING c.id, c.case_id, c.code, c.due_at, c.stage
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """A clock that reached a mark: `stage` is the number of warnings passed (1, 2, 3 …), or 100 for a breach."""

    clock_id: UUID
    case_id: UUID
    code: str
    due_at: datetime
    stage: int


def mark_breaches(now: datetime, *, limit: int = BATCH) -> list[Passed]:
    """Mark one batch of our running duties that are over at `now` as breached, longest overdue first; each only once.

    Returns them, so that the caller can tell the cases in the same transaction; an empty list means that all are marked.
    """
    return _passed(_BREACH, now, limit)


def mark_warnings(now: datetime, *, limit: int = BATCH) -> list[Passed]:
    """Take one batch of warnings due at `now`: each clock once per pass, at the highest mark it has reached."""
    return _passed(_WARN, now, limit)


def _passed(statement: str, now: datetime, limit: int) -> list[Passed]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "limit": limit})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return sorted((Passed(*row) for row in rows), key=lambda passed: (passed.due_at, passed.clock_id))
