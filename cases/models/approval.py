"""Four eyes: a request for approval bound to the hash of what is to be approved, and the one vote on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Approval(models.Model):
    """Something that waits for a second person. `person` columns name humans: two accounts of one human do not help.

    `verb` is the approving verb, `request` what it will do when it is no decision (JSON, read by `cases.approvals`), `power` what
    the voter must hold, `unit` who votes. The request never changes; the vote is written once; a request whose case ended becomes void without a vote. The database refuses a voter who is the maker or the handler.
    """

    key_scope = "case_id"

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        VOID = "void", _("Void")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="approvals")
    verb = models.CharField(max_length=40)
    decision = models.OneToOneField("cases.Decision", on_delete=models.PROTECT, null=True, related_name="approval")
    request = EncryptedTextField(blank=True)
    power = models.CharField(max_length=40, blank=True)
    payload_sha256 = models.BinaryField(max_length=32)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    maker_person = models.UUIDField()
    handler_person = models.UUIDField(null=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    voter_person = models.UUIDField(null=True)
    reason = EncryptedTextField(blank=True)
    voted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_four_eyes",
                condition=Q(voter_person=None)
                | (
                    ~Q(voter_person=F("maker_person")) & (Q(handler_person=None) | ~Q(voter_person=F("handler_person")))
                ),
            ),
            models.CheckConstraint(
                name="approval_vote_whole",
                condition=Q(verdict="", voter=None, voter_person=None, voted_at=None)
                | Q(verdict="void", voter=None, voter_person=None, voted_at__isnull=False)
                | Q(
                    verdict__in=["approved", "returned"],
                    voter__isnull=False,
                    voter_person__isnull=False,
                    voted_at__isnull=False,
                ),
            ),
            models.UniqueConstraint(name="approval_one_open", fields=["case", "verb"], condition=Q(verdict="")),
        ]
        indexes = [models.Index(name="approval_inbox", fields=["unit", "asked_at"], condition=Q(verdict=""))]

    def __str__(self) -> str:
        return f"{self.verb} {self.verdict or 'open'}"
