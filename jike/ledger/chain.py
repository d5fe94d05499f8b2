"""Appending to a subject's chain."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from jike.base import rows
from jike.base.ids import uuid7
from jike.ledger.models import GENESIS, Entry
from jike.ledger.plain import canonical
from jike.privacy.keyring import keyring

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
    row = NewEntry(subject, topic, source, source_id, facts, now)
    (values,) = chained([row], heads={subject: (seq, previous)} if seq else None)
    return Entry(**dict(zip(COLUMNS, values, strict=True)) | {"facts": facts})


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
    count = 0
    into = f"COPY ledger_entry ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(into) as copy:
        for values in chained(new, heads=heads):
            copy.write_row(values)
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


def chained(
    new: Iterable[NewEntry],
    *,
    heads: Mapping[UUID, tuple[int, bytes]] | None = None,
    new_id: Callable[[], UUID] = uuid7,
) -> Iterator[tuple[Any, ...]]:
    """The entries of `new` as values of `COLUMNS`, each sealed onto the one before it; `heads` as in `append_many`."""
    ends = dict(heads or {})
    ring = keyring("LEDGER_KEY")
    key = ring.keys[ring.current]
    for row in new:
        before, previous = ends.get(row.subject, (0, GENESIS))
        seq, pk, facts = before + 1, new_id(), canonical(row.facts)
        digest = hashlib.sha256(facts).digest()
        signed = Entry.signed_form(
            pk=pk, subject=row.subject, seq=seq, topic=row.topic, source=row.source, source_id=row.source_id, digest=digest, facts=facts,
            key=ring.current, at=row.at,
        )  # fmt: skip
        mac = hmac.digest(key, previous + signed, hashlib.sha256)
        ends[row.subject] = (seq, mac)
        yield (
            pk, row.subject, seq, row.topic, row.source, row.source_id, digest, facts.decode(), previous, mac, ring.current, row.at,
        )  # fmt: skip
