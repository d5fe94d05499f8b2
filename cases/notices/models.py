"""Notices to the staff, and how each person wants to have them."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models

from cases.notices.happenings import HAPPENINGS, Happening, Mode
from jike.base.ids import uuid7


class Notice(models.Model):
    """One thing one member of staff is told. `facts` are ids, codes and counts; `key` makes it one per person and fact.

    A task stays until its reader says that it is done; `read_at` is when that, or the reading, was said.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    code = models.CharField(max_length=20)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=120)
    is_task = models.BooleanField(default=False)
    is_for_digest = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_once", fields=["user", "key"])]
        indexes = [
            models.Index(name="notice_of_user", fields=["user", "-id"]),
            models.Index(name="notice_by_key", fields=["key"], condition=models.Q(read_at=None)),
            models.Index(name="notice_unread", fields=["user"], condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"

    @property
    def happening(self) -> Happening:
        return HAPPENINGS[self.code]


class Choice(models.Model):
    """What one person chose for one sort of notice on one channel. No row: the default of the house."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    code = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=[("desk", "desk"), ("email", "email")])
    mode = models.CharField(max_length=10, choices=Mode)

    class Meta:
        constraints = [models.UniqueConstraint(name="choice_once", fields=["user", "code", "channel"])]

    def __str__(self) -> str:
        return f"{self.code} {self.channel} {self.mode}"


class Reach(models.Model):
    """Where a person gets e-mail of the house, and the hours in which none is sent. No row: no address, the usual hours."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reach")
    email = models.EmailField(blank=True)
    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8))
    quiet_on_days_off = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.user_id)


class DigestDay(models.Model):
    """A day whose overviews have been ordered: two sweeps at once order them once."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.day.isoformat()
