"""Who of the staff can take work: what they are skilled in, and when they are away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jike.base.ids import uuid7


class Skill(models.Model):
    """A member of staff knows the matters of one business heading. Somebody without any line takes every matter."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skills")
    business_code = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(name="skill_once", fields=["user", "business_code"])]

    def __str__(self) -> str:
        return self.business_code


class Leave(models.Model):
    """Days of absence, first and last included; `substitute` takes the urgent cases. Cancelled, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="leave_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="leave_not_own_substitute", condition=Q(substitute=None) | ~Q(substitute=F("user"))
            ),
        ]
        indexes = [models.Index(name="leave_by_day", fields=["ends_on"], condition=Q(cancelled_at=None))]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
