"""A paper as it was handed in, what is shown of it and what was read in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Attachment(models.Model):
    """One paper as it was handed in. `subject` is its case; while a complaint is being written, the draft whose id the case takes.

    The original lies in `file`, sealed and hashed at receipt, and is never changed. `name` is what people see, `given_name` what the
    sender's device called the file, `device` what that device said of itself. Papers of a case are never edited or removed; the
    database refuses it.
    """

    key_scope = "subject"

    class About(models.TextChoices):
        EVIDENCE = "evidence", pgettext_lazy("paper", "Paper")
        AUTHORITY = "authority", pgettext_lazy("paper", "Power of attorney")
        KINSHIP = "kinship", pgettext_lazy("paper", "Proof of kinship")

    class Capture(models.TextChoices):
        CAMERA = "camera", pgettext_lazy("capture", "Photographed")
        FILE = "file", pgettext_lazy("capture", "Chosen from the device")
        STAFF = "staff", pgettext_lazy("capture", "Taken in by staff")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField(editable=False)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField()
    given_name = EncryptedTextField(blank=True)
    device = EncryptedTextField(blank=True)
    about = models.CharField(max_length=12, choices=About, default=About.EVIDENCE)
    captured = models.CharField(max_length=8, choices=Capture, default=Capture.FILE)
    added_by_kind = models.CharField(max_length=10)
    added_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="attachment_once", fields=["subject", "file"])]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class SafeView(models.Model):
    """What may be shown of a picture: drawn anew, without what a camera writes into it. Without `file` nothing can be shown."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="view")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    thumbnail = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"view of {self.attachment_id}"


class PaperText(models.Model):
    """The words of a PDF, sealed like the paper itself: the search looks at them, nobody else. Every PDF gets one row, also when
    nothing could be read in it; `outcome` says why."""

    key_scope = "subject"

    class Outcome(models.TextChoices):
        READ = "read", pgettext_lazy("reading", "Words are searched")
        CUT = "cut", pgettext_lazy("reading", "Words are searched, but not all of them")
        EMPTY = "empty", pgettext_lazy("reading", "A scan: its words are not searched")
        LOCKED = "locked", pgettext_lazy("reading", "Locked by a password: its words are not searched")
        DAMAGED = "damaged", pgettext_lazy("reading", "Damaged: its words are not searched")
        HEAVY = "heavy", pgettext_lazy("reading", "Too large to be read: its words are not searched")

    SEARCHED = (Outcome.READ, Outcome.CUT)

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    subject = models.UUIDField(editable=False, db_index=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    pages = models.PositiveIntegerField(default=0)
    text = EncryptedTextField(blank=True)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"words of {self.attachment_id}"
