"""Who takes part in a case, and where the case came from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Party(models.Model):
    """A person or company in a case, as given in this case. The consumer's own row is `complainant`."""

    key_scope = "case_id"

    class Role(models.TextChoices):
        COMPLAINANT = "complainant", _("Complainant")
        AGENT = "agent", _("Agent")
        RESPONDENT = "respondent", _("Respondent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=16, choices=Role)
    name = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    name_mask = models.CharField(max_length=40, blank=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="party_by_phone", fields=["phone_index"])]

    def __str__(self) -> str:
        return f"{self.role} {self.name_mask}"

    @property
    def channels(self) -> list[str]:
        """Every channel this party can be reached by; a notice takes all of them. The portal inbox always works."""
        return ["inbox", *(["sms"] if self.phone else []), *(["email"] if self.email else [])]


class Source(models.Model):
    """One arrival of a grievance: its channel, its number there, and the neutral facts that came with it (never edited).

    One case may have several. `external_id` is unique per `name`; a row without a number is known by its hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(max_length=60)
    external_id = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="source_once", fields=["name", "external_id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.external_id}"
