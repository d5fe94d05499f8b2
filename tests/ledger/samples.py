"""A sealed fact with its source row, in a table that exists only inside a test."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import models

from jike import ledger
from jike.base.ids import uuid7
from jike.ledger.models import Entry

SOURCE = "tests.fact"
NOW = datetime(2026, 9, 28, 4, 0, 0, 123_457, tzinfo=UTC)


class Fact(models.Model):
    """A row whose every column is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    subject = models.UUIDField()
    verb = models.CharField(max_length=20)

    class Meta:
        app_label = "tests_ledger"

    def facts(self) -> dict[str, object]:
        return {"verb": self.verb, "subject": str(self.subject), "count": 3, "nested": {"乙": [1, None, True]}}


class Subject(models.Model):
    """What has a version, like a case."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    version = models.IntegerField(default=0)

    class Meta:
        app_label = "tests_ledger"


SAMPLES = (Fact, Subject)


def digests_of(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    return {
        fact.pk: hashlib.sha256(ledger.canonical(fact.facts())).digest() for fact in Fact.objects.filter(pk__in=ids)
    }


def versions_of(subjects: Sequence[UUID]) -> dict[UUID, int]:
    return dict(Subject.objects.filter(pk__in=subjects).values_list("pk", "version"))


def rows_of(subjects: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    return list(Fact.objects.filter(subject__in=subjects).values_list("pk", "subject"))


def subjects() -> list[UUID]:
    return list(Subject.objects.values_list("pk", flat=True))


def write_chain(length: int, subject: UUID | None = None) -> tuple[UUID, list[Entry]]:
    """A subject with `length` facts and their entries."""
    row = Subject.objects.create(**({"id": subject} if subject else {}))
    entries = []
    for number in range(length):
        fact = Fact.objects.create(subject=row.pk, verb=f"verb{number}")
        at = NOW + timedelta(seconds=number)
        entries.append(ledger.append(row.pk, fact.verb, source=SOURCE, source_id=fact.pk, facts=fact.facts(), now=at))
    Subject.objects.filter(pk=row.pk).update(version=length)
    return row.pk, entries
