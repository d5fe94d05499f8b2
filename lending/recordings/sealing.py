"""How the ledger checks what was sealed of recordings, scripts and permissions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from jike import ledger
from lending.recordings.actions import permitting, scripts
from lending.recordings.models import Recording, RecordingEvent, Script
from lending.recordings.records import Permission


def register() -> None:
    """Tell the ledger how to compute the digests anew. Called when the app is ready."""
    ledger.register_source(
        Recording.EVENTS,
        _digests(RecordingEvent.objects, lambda row: row.facts()),
        expected_length=lambda ids: dict(Recording.objects.filter(pk__in=ids).values_list("pk", "version")),
        rows_of=lambda ids: RecordingEvent.objects.filter(recording__in=ids).values_list("pk", "recording").iterator(),
        subjects=lambda: Recording.objects.order_by("pk").values_list("pk", flat=True).iterator(),
    )
    _register_single(scripts.LEDGER_SOURCE, Script.objects.filter(approved_at__isnull=False), scripts.facts_of)
    _register_single(permitting.LEDGER_SOURCE, Permission.objects.all(), permitting.facts_of)


def _register_single(name: str, rows: Any, facts_of: Callable[[Any], dict[str, Any]]) -> None:
    """Rows that are sealed once, each the subject of its own chain."""

    def rows_of(ids: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
        return ((pk, pk) for pk in rows.filter(pk__in=ids).values_list("pk", flat=True).iterator())

    def subjects() -> Iterator[UUID]:
        return rows.order_by("pk").values_list("pk", flat=True).iterator()

    ledger.register_source(name, _digests(rows, facts_of), rows_of=rows_of, subjects=subjects)


def _digests(rows: Any, facts_of: Callable[[Any], dict[str, Any]]) -> Callable[[Sequence[UUID]], dict[UUID, bytes]]:
    def digests(ids: Sequence[UUID]) -> dict[UUID, bytes]:
        found = rows.filter(pk__in=ids)
        return {row.pk: hashlib.sha256(ledger.canonical(facts_of(row))).digest() for row in found}

    return digests
