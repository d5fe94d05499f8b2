"""Data keys, and the log of every reading of personal data by a person."""

from __future__ import annotations

from django.db import models

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class DataKey(models.Model):
    """The key of one scope (a case, a person), wrapped by a master key. A destroyed key leaves its row, empty."""

    scope = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    master_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="datakey_empty_when_destroyed",
                condition=(models.Q(destroyed_at=None) & ~models.Q(wrapped=b""))
                | models.Q(destroyed_at__isnull=False, wrapped=b""),
            )
        ]
        indexes = [
            models.Index(name="datakey_by_master", fields=["master_version"], condition=models.Q(destroyed_at=None))
        ]

    def __str__(self) -> str:
        return f"key of {self.scope}"


class RevealLog(models.Model):
    """Somebody saw one value in clear text. Written before it is shown, in a transaction of its own; never edited."""

    key_scope = "scope"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_person = models.UUIDField(null=True)
    scope = models.UUIDField()
    model = models.CharField(max_length=60)
    row = models.UUIDField()
    field = models.CharField(max_length=60)
    reason = EncryptedTextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="reveal_by_scope", fields=["scope", "-at"]),
            models.Index(name="reveal_by_actor", fields=["actor_id", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.model}.{self.field} of {self.row}"


class ReadLog(models.Model):
    """Somebody of the staff opened the whole of a case on this day. Once a day and person; never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.UUIDField()
    actor_id = models.UUIDField()
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="read_once_a_day", fields=["scope", "actor_id", "day"])]

    def __str__(self) -> str:
        return f"{self.scope} on {self.day}"
