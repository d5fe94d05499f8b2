"""Decisions in immutable versions, and the documents that carry them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.ledger import canonical
from jike.privacy import open_sealed
from jike.privacy.fields import EncryptedTextField


class Decision(models.Model):
    """One proposed decision with all statutory parts. A returned proposal stays; the next one is the next version.

    Result, findings, basis and reasons, remedies: the parts a notice must have. Source: O2020-3 art 19.
    """

    key_scope = "case_id"
    PARTS = ("findings", "basis", "reasons", "remedies", "redress")

    class Result(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        PARTLY = "partly", _("Partly upheld")
        REJECTED = "rejected", _("Not upheld")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=Result)
    findings = EncryptedTextField()
    basis = EncryptedTextField()
    reasons = EncryptedTextField()
    remedies = EncryptedTextField()
    redress = EncryptedTextField(blank=True)
    redress_cny = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    redress_due_on = models.DateField(null=True)
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="decision_version_once", fields=["case", "version"]),
            models.CheckConstraint(name="decision_redress_not_negative", condition=models.Q(redress_cny__gte=0)),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    def payload_sha256(self) -> bytes:
        """The hash an approval is bound to: every word and amount of the decision."""
        content: dict[str, Any] = {"case": str(self.case_id), "version": self.version, "result": self.result}
        content["redress_cny"] = str(self.redress_cny)
        if self.redress_due_on:
            content["redress_due_on"] = self.redress_due_on.isoformat()
        for part in self.PARTS:
            content[part] = open_sealed(self, part)
        return hashlib.sha256(canonical(content)).digest()


class Document(models.Model):
    """A document issued on a case, kept as a sealed file. `code` is random and printed on it, for anyone to check it by."""

    class Kind(models.TextChoices):
        DECISION_LETTER = "decision_letter", _("Decision letter")
        RECEIPT = "receipt", pgettext_lazy("document", "Receipt")
        REVIEW_LETTER = "review_letter", _("Review letter")
        NOTICE = "notice", _("Notice by letter")
        AGREEMENT = "agreement", pgettext_lazy("document", "Agreement")
        CERTIFICATE = "certificate", _("Certificate")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=24, unique=True)
    template = models.CharField(max_length=80)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="letter")
    message = models.OneToOneField("cases.Message", on_delete=models.PROTECT, null=True, related_name="paper")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
