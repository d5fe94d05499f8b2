"""The job row: what is to be done outside, who holds it now, and how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Job(models.Model):
    """One piece of outside work, written in the transaction of the fact that asks for it."""

    class State(models.TextChoices):
        READY = "ready", pgettext_lazy("job", "Waiting")
        RUNNING = "running", pgettext_lazy("job", "Running")
        DONE = "done", pgettext_lazy("job", "Done")
        DEAD = "dead", pgettext_lazy("job", "Given up")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=80)
    queue = models.CharField(max_length=20)
    dedupe_key = models.CharField(max_length=200, unique=True)
    body = models.JSONField(default=dict)
    subject = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    due_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, help_text=_("When the workers were last called for this job."))
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_seconds = models.PositiveIntegerField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(
        default=0, help_text=_("Counts claims: a worker with an older number may not record anything.")
    )
    last_error = models.CharField(max_length=60, blank=True, help_text=_("A code, never a text from outside."))
    receipt = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    retried_at = models.DateTimeField(null=True)
    retried_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="job_state_known", condition=models.Q(state__in=["ready", "running", "done", "dead"])
            ),
            models.CheckConstraint(
                name="job_running_has_lease",
                condition=models.Q(state="running", lease_until__isnull=False)
                | (~models.Q(state="running") & models.Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_ended_has_time",
                condition=models.Q(state__in=["done", "dead"], finished_at__isnull=False)
                | models.Q(state__in=["ready", "running"], finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="job_dead_has_reason", condition=~models.Q(state="dead") | ~models.Q(last_error="")
            ),
            models.CheckConstraint(
                name="job_retry_has_actor",
                condition=models.Q(retried_at__isnull=True) | models.Q(retried_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="job_ready_due", fields=["due_at"], condition=models.Q(state="ready")),
            models.Index(name="job_running_lease", fields=["lease_until"], condition=models.Q(state="running")),
            models.Index(name="job_dead", fields=["-finished_at"], condition=models.Q(state="dead")),
            models.Index(name="job_of_subject", fields=["subject"], condition=models.Q(subject__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"


class Pulse(models.Model):
    """When a recurring task last ran: two timers that fire together do one pass, and operations sees a silent worker."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def __str__(self) -> str:
        return self.name


class DemoMessage(models.Model):
    """A message the demonstration would have sent. It can be read on `/demo/` alone, which only answers on this machine."""

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=10)
    key = models.CharField(max_length=200)
    recipient = EncryptedTextField()
    subject = EncryptedTextField(blank=True)
    text = EncryptedTextField(blank=True)
    attachment_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("demonstration message")
        verbose_name_plural = _("demonstration messages")
        constraints: ClassVar = [models.UniqueConstraint(name="demo_message_once", fields=["channel", "key"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"
