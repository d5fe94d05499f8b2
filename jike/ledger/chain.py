"""Appending to a subject's chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from jike.base import rows
from jike.ledger.models import GENESIS, Entry
from jike.ledger.plain import canonical
from jike.privacy.keyring import Keyring, keyring

COLUMNS = (
    "id",
    "subject",
    "seq",
    "topic",
    "source",
    "source_id",
    "digest",
    "facts",
    "previous",
    "mac",
    "key_version",
    "at",
)
# One look at the end of each chain; a sub-query over all entries of the subjects would read the chains whole.
_HEADS = """
SELECT wanted.subject, last.seq, last.mac FROM unnest(%s::uuid[]) AS wanted (subject)
CROSS JOIN LATERAL (SELECT seq, mac FROM ledger_entry e WHERE e.subject = wanted.subject ORDER BY seq DESC LIMIT 1) last
"""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One entry for `append_many`. Rows of one subject are chained in the order given."""

    subject: UUID
    topic: str
    source: str
    source_id: UUID
    facts: dict[str, Any]
    at: datetime


def next_entry(
    subject: UUID,
    topic: str,
    *,
    source: str,
    source_id: UUID,
    facts: dict[str, Any],
    now: datetime,
    last: tuple[int, bytes] | None = None,
) -> Entry:
    """The unsaved seal of one fact at the end of its subject's chain, for callers that write it in one message with the fact.

    The caller holds the lock on the subject's row. `facts` are ids, codes and hashes. `last` is (seq, mac) of the entry
    before, or (0, b"") for a new subject, and saves a SELECT. A fact that was sealed before raises IntegrityError when written.
    """
    seq, previous = last or _last_of(subject)
    return _chained(NewEntry(subject, topic, source, source_id, facts, now), seq, previous, keyring("LEDGER_KEY"))


def append(
    subject: UUID,
    topic: str,
    *,
    source: str,
    source_id: UUID,
    facts: dict[str, Any],
    now: datetime,
    last: tuple[int, bytes] | None = None,
) -> Entry:
    """Seal one fact at the end of its subject's chain, in the caller's transaction, as `next_entry` says."""
    entry = next_entry(subject, topic, source=source, source_id=source_id, facts=facts, now=now, last=last)
    rows.insert(entry)
    return entry


def append_many(new: Iterable[NewEntry], *, heads: Mapping[UUID, tuple[int, bytes]] | None = None) -> int:
    """Seal facts set-wise, by COPY in the caller's transaction; returns how many.

    `heads` are the ends of chains to go on with, as `heads_of` answers them; a subject not named there is new. One that
    has entries all the same raises IntegrityError, and the transaction is lost.
    """
    heads = dict(heads or {})
    ring = keyring("LEDGER_KEY")
    count = 0
    into = f"COPY ledger_entry ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(into) as copy:
        for row in new:
            entry = _chained(row, *heads.get(row.subject, (0, b"")), ring)
            heads[row.subject] = (entry.seq, bytes(entry.mac))
            copy.write_row(_values(entry))
            count += 1
    return count


def heads_of(subjects: Sequence[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """(seq, mac) of the last entry of each of `subjects` that has one. The caller holds the locks on the subjects' rows."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [list(subjects)])
        return {subject: (seq, bytes(mac)) for subject, seq, mac in cursor.fetchall()}


def _last_of(subject: UUID) -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, mac FROM ledger_entry WHERE subject = %s ORDER BY seq DESC LIMIT 1", [subject])
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, b"")


def _values(entry: Entry) -> list[Any]:
    return [json.dumps(entry.facts) if name == "facts" else getattr(entry, name) for name in COLUMNS]


def _chained(row: NewEntry, seq: int, previous: bytes, ring: Keyring) -> Entry:
    entry = Entry(
        subject=row.subject,
        seq=seq + 1,
        topic=row.topic,
        source=row.source,
        source_id=row.source_id,
        digest=hashlib.sha256(canonical(row.facts)).digest(),
        facts=row.facts,
        previous=bytes(previous) or GENESIS,
        key_version=ring.current,
        at=row.at,
    )
    entry.mac = entry.mac_under(ring.keys[ring.current])
    return entry
