"""The timeline: one row for everything that happened to a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models.functions import Now

from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.ledger import canonical
from jike.verbs import Verb

if TYPE_CHECKING:
    from cases.models.case import Case


class Event(models.Model):
    """One act on a case: who, what, when, from which state to which. Appended with the change itself, never edited.

    `seq` counts from 1 without gaps per case and equals the case's version. `data` holds ids and codes only. `at` is when
    it happened, `recorded_at` when the database wrote it. `txid` is set by the database and binds event and change.
    """

    LEDGER_SOURCE = "cases.event"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    category = models.CharField(max_length=12)
    before_state = models.CharField(max_length=20, blank=True)
    after_state = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_person = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    idempotency_key = models.CharField(max_length=64, blank=True)
    txid = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="event_names_who_and_what",
                condition=~models.Q(verb="")
                & ~models.Q(actor_label="")
                & (
                    models.Q(actor_kind="staff", actor_id__isnull=False, actor_person__isnull=False)
                    | models.Q(actor_kind__in=["consumer", "merchant", "machine", "import"])
                ),
            ),
            models.UniqueConstraint(
                name="event_once", fields=["case", "verb", "idempotency_key"], condition=~models.Q(idempotency_key="")
            ),
            models.UniqueConstraint(
                name="event_opened_once",
                fields=["verb", "idempotency_key"],
                condition=models.Q(seq=1) & ~models.Q(idempotency_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    @property
    def is_move(self) -> bool:
        return self.before_state != self.after_state

    @classmethod
    def of(cls, case: Case, verb: Verb, *, actor: Actor, now: datetime, key: str, before: str) -> Self:
        """The event of `verb` on `case`, not yet saved."""
        return cls(
            case_id=case.pk,
            seq=case.version,
            verb=verb.name,
            category=verb.category,
            before_state=before,
            after_state=case.state,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_person=actor.person,
            actor_label=actor.label,
            data=dict(case._told),
            at=now,
            idempotency_key=key,
        )

    @classmethod
    def append_many(cls, events: Sequence[Self]) -> None:
        """Write the events by one COPY in the caller's transaction; time and transaction are stamped by the database."""
        names = [f.attname for f in cls._meta.local_concrete_fields if f.db_default is models.NOT_PROVIDED]
        into = f"COPY {cls._meta.db_table} ({', '.join(names)}) FROM STDIN"
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(into) as copy:
            for event in events:
                copy.write_row([json.dumps(event.data) if name == "data" else getattr(event, name) for name in names])

    def facts(self) -> dict[str, Any]:
        """What the ledger seals of this event. Every column that says who did what when is in it."""
        return {
            "seq": self.seq,
            "verb": self.verb,
            "from": self.before_state,
            "to": self.after_state,
            "actor": self.actor_kind,
            "actor_id": str(self.actor_id) if self.actor_id else None,
            "person": str(self.actor_person) if self.actor_person else None,
            "label": hashlib.sha256(self.actor_label.encode()).hexdigest(),
            "at": int(self.at.timestamp() * 1_000_000),
            "data": self.data,
        }

    def digest(self) -> bytes:
        return hashlib.sha256(canonical(self.facts())).digest()
