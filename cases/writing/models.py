"""Drafts and looks: one row per person and case, overwritten, dropped after a while."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Draft(models.Model):
    """What somebody typed for a verb and has not sent, sealed under the case's key: destroyed with the case."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=40)
    words = EncryptedTextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="draft_one", fields=["user", "case", "verb"])]

    def __str__(self) -> str:
        return f"draft of {self.verb}"


class Look(models.Model):
    """That somebody has a case open: what they do there, when they were last seen, and the last event they saw."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField()
    seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="look_one", fields=["case", "user"])]

    def __str__(self) -> str:
        return f"look at {self.seen_at:%Y-%m-%d %H:%M}"
