"""What a worker found in a paper, and what a person decided about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.attachments.models.paper import Attachment
from jike.privacy.fields import EncryptedTextField


class Examination(models.Model):
    """What looking into a paper found, written once by a worker. Until it is there, nobody is shown anything of the paper.

    `reasons` are codes of `verdicts`; `facts` are numbers and codes (pages, size, turn, length), `words` what may name people (names of
    parts, camera, subject) as sealed JSON. What was refused stays sealed as it came, and is used for nothing.
    """

    key_scope = "subject"

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("paper", "Checked")
        REFUSED = "refused", pgettext_lazy("paper", "Not usable")
        HELD = "held", pgettext_lazy("paper", "A person has a look first")

    attachment = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, primary_key=True, related_name="examination"
    )
    subject = models.UUIDField(editable=False)
    verdict = models.CharField(max_length=8, choices=Verdict)
    kind = models.CharField(max_length=100)
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    words = EncryptedTextField(blank=True)
    is_scanned = models.BooleanField(default=False)
    examined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="examination_verdict_known", condition=models.Q(verdict__in=["accepted", "refused", "held"])
            ),
            models.CheckConstraint(
                name="examination_says_why", condition=models.Q(verdict="accepted") | ~models.Q(reasons=[])
            ),
        ]
        indexes = [models.Index(name="examination_held", fields=["subject"], condition=models.Q(verdict="held"))]

    def __str__(self) -> str:
        return f"examination of {self.attachment_id}"


class Ruling(models.Model):
    """What a person decided about a paper that was held: to be used like any other, or not at all. Never taken back."""

    key_scope = "subject"

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="ruling")
    subject = models.UUIDField(editable=False)
    is_released = models.BooleanField()
    reason = EncryptedTextField()
    ruled_by = models.UUIDField()
    ruled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ruling on {self.attachment_id}"
