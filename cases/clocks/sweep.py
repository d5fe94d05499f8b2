"""What time itself brings about: clocks that run out, and warnings that fall due. Set-wise, one statement per batch.

Each statement also writes the mark as a `Passing`, which `cases.clocks.telling` turns into an event of the case.
"""

from __future__ import annotations

from datetime import datetime
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
), marked AS (
    UPDATE clocks_clock c SET breached_at = %(now)s, warn_at = NULL FROM late WHERE c.id = late.id
    RETURNING c.id, c.case_id
), told AS (
    INSERT INTO clocks_passing (clock_id, case_id, stage, at) SELECT id, case_id, 100, %(now)s FROM marked
)
SELECT count(*) FROM marked
"""

_BREACH_OF = _BREACH.replace("WHERE state", "WHERE case_id = %(case)s AND state", 1)

_WARN = """
WITH near AS MATERIALIZED (
    SELECT id FROM clocks_clock WHERE warn_at <= %(now)s AND breached_at IS NULL
    ORDER BY warn_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE clocks_clock c SET
        stage = (SELECT count(*) FROM unnest(c.warnings) AS w WHERE w <= %(now)s),
        warn_at = (SELECT min(w) FROM unnest(c.warnings) AS w WHERE w > %(now)s)
    FROM near WHERE c.id = near.id
    RETURNING c.id, c.case_id, c.stage
), told AS (
    INSERT INTO clocks_passing (clock_id, case_id, stage, at) SELECT id, case_id, stage, %(now)s FROM marked
)
SELECT count(*) FROM marked
"""


def mark_breaches(now: datetime, *, limit: int = BATCH) -> int:
    """Mark one batch of our running duties that are over at `now` as breached, longest overdue first; each only once.

    Answers how many; 0 means that all are marked.
    """
    return _marked(_BREACH, now, limit)


def mark_breach_of(case: UUID, now: datetime) -> int:
    """The same for one case whose row the caller has locked: a count put in place of another may be over already."""
    return _marked(_BREACH_OF, now, BATCH, case=case)


def mark_warnings(now: datetime, *, limit: int = BATCH) -> int:
    """Take one batch of warnings due at `now`: each clock once per pass, at the highest mark it has reached."""
    return _marked(_WARN, now, limit)


def _marked(statement: str, now: datetime, limit: int, **more: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "limit": limit, **more})
        return int(cursor.fetchone()[0])
