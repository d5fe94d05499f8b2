"""An import as people start it on the screen: the sealed file, the columns, the progress, and what became of every row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField

SILENT_FOR = timedelta(minutes=3)


class ImportRun(models.Model):
    """One file on its way. `position` counts the lines that are settled in the phase that runs; a new worker goes on there.

    `inspection` is what was found in the file with its first rows, `columns` what the person decided; both sealed, for they
    hold words of the file. `round` counts the starts of phases: it is part of the jobs' keys.
    """

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("import", "Reading the file")
        UNREADABLE = "unreadable", pgettext_lazy("import", "Cannot be read")
        MAPPING = "mapping", pgettext_lazy("import", "Columns to be matched")
        CHECKING = "checking", pgettext_lazy("import", "Trial run going on")
        CHECKED = "checked", pgettext_lazy("import", "Trial run done")
        RUNNING = "running", pgettext_lazy("import", "Importing")
        DONE = "done", pgettext_lazy("import", "Imported")
        BROKEN = "broken", pgettext_lazy("import", "Broken off")
        STOPPED = "stopped", pgettext_lazy("import", "Stopped")

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="imports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=12, choices=State, default=State.READING)
    source = models.CharField(max_length=60, blank=True)
    is_live = models.BooleanField(default=False)
    wishes = EncryptedTextField(blank=True)
    inspection = EncryptedTextField(blank=True)
    columns = EncryptedTextField(blank=True)
    headers_index = models.BinaryField(max_length=32, null=True)
    trouble = EncryptedTextField(blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    checked = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    progressed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="import_of_unit", fields=["unit", "-created_at"]),
            models.Index(name="import_by_headers", fields=["headers_index"], condition=~models.Q(headers_index=None)),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.READING, self.State.CHECKING, self.State.RUNNING)

    @property
    def phase(self) -> str:
        """Whose lines are shown: those of the trial until the import itself has begun."""
        begun = (self.State.RUNNING, self.State.DONE, self.State.BROKEN, self.State.STOPPED)
        return ImportLine.RUN if self.state in begun else ImportLine.CHECK

    @property
    def shown_counts(self) -> dict[str, Any]:
        return self.counts if self.phase == ImportLine.RUN else self.checked


class ImportLine(models.Model):
    """What became of one line of the file, in the trial (`check`) or in the import (`run`). `said` is why, in words."""

    CHECK, RUN = "check", "run"
    key_scope = "run_id"

    class Result(models.TextChoices):
        CREATED = "created", pgettext_lazy("import line", "Taken over")
        DUPLICATE = "duplicate", pgettext_lazy("import line", "Known already")
        REJECTED = "rejected", pgettext_lazy("import line", "Not taken over")
        LEFT_OUT = "left_out", pgettext_lazy("import line", "No record")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="lines")
    phase = models.CharField(max_length=6)
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=Result)
    codes = ArrayField(models.CharField(max_length=40), default=list)
    said = EncryptedTextField(blank=True)
    identity = models.BinaryField(max_length=32, null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="import_line_once", fields=["run", "phase", "position"])]
        indexes = [
            models.Index(
                name="import_line_identity", fields=["run", "phase", "identity"], condition=models.Q(phase="check")
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.line}"
