"""How the ledger checks that events still say what was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from cases.models import Case, Event
from jike import ledger


def digests_of_events(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    return {event.pk: event.digest() for event in Event.objects.filter(pk__in=ids)}


def versions_of_cases(subjects: Sequence[UUID]) -> dict[UUID, int]:
    """How many entries each case must have: one per version."""
    return dict(Case.objects.filter(pk__in=subjects).values_list("pk", "version"))


def events_of_cases(subjects: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Every event of these cases with its case: each must be sealed."""
    return Event.objects.filter(case_id__in=subjects).values_list("pk", "case_id").iterator()


def all_cases() -> Iterator[UUID]:
    return Case.objects.values_list("pk", flat=True).iterator()


ledger.register_source(
    Event.LEDGER_SOURCE,
    digests_of_events,
    expected_length=versions_of_cases,
    rows_of=events_of_cases,
    subjects=all_cases,
)
