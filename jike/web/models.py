"""What the edge records by itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jike.base.ids import uuid7


class RefusalLog(models.Model):
    """An act that was refused: who asked for which verb on what, and every reason. Written after the rollback.

    `subject` is the number in the address, if there was one. Holds codes and ids only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40, blank=True)
    route = models.CharField(max_length=120, blank=True)
    codes = ArrayField(models.CharField(max_length=60))
    status = models.PositiveSmallIntegerField()
    actor_kind = models.CharField(max_length=10, blank=True)
    actor_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(name="refusal_newest", fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {' '.join(self.codes)}"
