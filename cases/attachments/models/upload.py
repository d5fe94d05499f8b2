"""The rows of an upload that comes in pieces."""

from __future__ import annotations

from django.db import models

from cases.attachments.models.paper import Attachment
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Upload(models.Model):
    """A large file on its way in. Its pieces lie sealed under a key of their own, which is destroyed when they were joined or given up.

    `subject` is the case or draft it is meant for. `sha256` is what the sender says the whole will be, if he says it.
    """

    key_scope = "id"

    class State(models.TextChoices):
        OPEN = "open"
        JOINING = "joining"
        DONE = "done"
        FAILED = "failed"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField(editable=False)
    name = EncryptedTextField()
    device = EncryptedTextField(blank=True)
    about = models.CharField(max_length=12, choices=Attachment.About, default=Attachment.About.EVIDENCE)
    captured = models.CharField(max_length=8, choices=Attachment.Capture, default=Attachment.Capture.FILE)
    kind = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    sha256 = models.BinaryField(max_length=32, null=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=60, blank=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.SET_NULL, null=True, related_name="+")
    added_by_kind = models.CharField(max_length=10)
    added_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    is_swept = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="upload_state_known",
                condition=models.Q(state__in=["open", "joining", "done", "failed", "dropped"]),
            ),
            models.CheckConstraint(
                name="upload_within_size", condition=models.Q(received__lte=models.F("size"), size__gt=0)
            ),
            models.CheckConstraint(
                name="upload_joined_when_whole",
                condition=~models.Q(state__in=["joining", "done"]) | models.Q(received=models.F("size")),
            ),
        ]
        indexes = [
            models.Index(name="upload_to_sweep", fields=["touched_at"], condition=models.Q(is_swept=False)),
            models.Index(name="upload_of_subject", fields=["subject"]),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class UploadPart(models.Model):
    """One piece of an upload, sealed. Two equal pieces are one file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="upload_part_once", fields=["upload", "offset"])]

    def __str__(self) -> str:
        return f"part {self.offset} of {self.upload_id}"
