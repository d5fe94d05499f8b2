"""The stored holiday notices."""

from __future__ import annotations

from django.db import models

from jike.base.ids import uuid7


class HolidayYear(models.Model):
    """One version of a year's holiday notice. A corrected notice is a new version; rows are never edited or deleted.

    `days` are rows `{name, date, isOffDay}`; `source` names the State Council paper, where the file did.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    source = models.TextField(blank=True)
    days = models.JSONField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="holidayyear_version_once", fields=["year", "version"]),
            models.CheckConstraint(name="holidayyear_version_positive", condition=models.Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"
