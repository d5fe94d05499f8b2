"""How the ledger checks that events still say what was sealed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cases.models import Case, Event
from jike import ledger


def digests_of_events(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    return {event.pk: event.digest() for event in Event.objects.filter(pk__in=ids)}


def versions_of_cases(subjects: Sequence[UUID]) -> dict[UUID, int]:
    """How many entries each case must have: one per version."""
    return dict(Case.objects.filter(pk__in=subjects).values_list("pk", "version"))


ledger.register_source(Event.LEDGER_SOURCE, digests_of_events, expected_length=versions_of_cases)
