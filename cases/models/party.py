"""Who takes part in a case, and where the case came from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Party(models.Model):
    """A person or company in a case, as given in this case. The consumer's own row is `complainant`; whoever asked is `inquirer`.

    Whoever acts for the consumer (agent, heir, representative) does so once `verified_at` says that the authority was seen.
    `staff` is the account complained about. `former` keeps a number that was changed and `applicant` one that somebody asked for:
    they are written to, and open nothing. Source: O2020-3 art 12, art 14, house contact.
    """

    key_scope = "case_id"

    class Role(models.TextChoices):
        COMPLAINANT = "complainant", _("Complainant")
        INQUIRER = "inquirer", _("Person who asked or reported")
        AGENT = "agent", _("Agent")
        HEIR = "heir", _("Heir")
        REPRESENTATIVE = "representative", _("Representative")
        RESPONDENT = "respondent", _("Respondent")
        RESPONDENT_STAFF = "staff", _("Staff complained about")
        APPLICANT = "applicant", _("Asks for a change of number")
        FORMER = "former", _("Former number")

    class Authority(models.TextChoices):
        NONE = "", _("Not yet proven")
        POA = "poa", _("Original power of attorney seen")
        KINSHIP = "kinship", _("Proof of kinship seen")
        CHOSEN = "chosen", _("Chosen by the complainants")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=16, choices=Role)
    name = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    name_mask = models.CharField(max_length=40, blank=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    relation = EncryptedTextField(blank=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    authority = models.CharField(max_length=8, choices=Authority, blank=True, default="")
    authority_note = EncryptedTextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    ACTS_FOR = ("agent", "heir", "representative")
    SPEAKS = ("complainant", "inquirer")

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
    supervisor_received_at = models.DateTimeField(null=True)
    transferred_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="source_once", fields=["name", "external_id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.external_id}"


class SourceReply(models.Model):
    """The answer that one source of a case got: each has its own. Never edited; a second answer is a second row."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="source_replies")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="replies")
    replied_at = models.DateTimeField()
    body = EncryptedTextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "source replies"

    def __str__(self) -> str:
        return f"{self.replied_at:%Y-%m-%d %H:%M}"


class Forwarding(models.Model):
    """The complaint passed on to the funder, and the funder's answer. The answer resets no time limit."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="forwardings")
    funder = models.ForeignKey("lending.Funder", on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField()
    forwarded_at = models.DateTimeField()
    forwarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    reply = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="forwarding_one_open", fields=["case"], condition=models.Q(replied_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.forwarded_at:%Y-%m-%d %H:%M}"
