"""The rows beside a police report: the papers usual in practice, the losses, and the statement with its confirmations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Material(models.Model):
    """One paper the police usually want, and whether it is there. `code` is its line of `config/rules/police.yaml`, empty for one's own.

    `paper` is the paper of the origin that it is; it stays where it is. `note` says where it lies, or why there is none.
    """

    key_scope = "case_id"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("material", "Not looked for yet")
        ASKED = "asked", pgettext_lazy("material", "Asked for")
        HAVE = "have", pgettext_lazy("material", "There")
        NONE = "none", pgettext_lazy("material", "Does not exist")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="materials")
    seq = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30, blank=True)
    label = EncryptedTextField(blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    paper = models.ForeignKey("attachments.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    note = EncryptedTextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="material_dense", fields=["case", "seq"]),
            models.UniqueConstraint(name="material_once", fields=["case", "code"], condition=~Q(code="")),
            models.CheckConstraint(
                name="material_state_known", condition=Q(state__in=["open", "asked", "have", "none"])
            ),
            models.CheckConstraint(name="material_paper_is_there", condition=Q(paper=None) | Q(state="have")),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.code} {self.state}"

    @property
    def is_settled(self) -> bool:
        return self.state in (self.State.HAVE, self.State.NONE)


class Loss(models.Model):
    """One payment that is lost: when, how much, to whom, how. Never edited: a wrong row is struck with a reason and stays."""

    key_scope = "case_id"

    class Channel(models.TextChoices):
        BANK = "bank", pgettext_lazy("paid by", "Bank transfer")
        WALLET = "wallet", pgettext_lazy("paid by", "Payment app")
        CARD = "card", pgettext_lazy("paid by", "Card")
        CASH = "cash", pgettext_lazy("paid by", "Cash")
        LOAN = "loan", pgettext_lazy("paid by", "Loan paid out to the merchant")
        OTHER = "other", pgettext_lazy("paid by", "Other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="losses")
    seq = models.PositiveSmallIntegerField()
    occurred_on = models.DateField()
    amount_cny = models.DecimalField(max_digits=18, decimal_places=2)
    payee = EncryptedTextField()
    channel = models.CharField(max_length=8, choices=Channel)
    paper = models.ForeignKey("attachments.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    strike_reason = EncryptedTextField(blank=True)

    class Meta:
        verbose_name_plural = "losses"
        constraints = [
            models.UniqueConstraint(name="loss_dense", fields=["case", "seq"]),
            models.CheckConstraint(name="loss_is_something", condition=Q(amount_cny__gt=0)),
            models.CheckConstraint(
                name="loss_channel_known", condition=Q(channel__in=["bank", "wallet", "card", "cash", "loan", "other"])
            ),
            models.CheckConstraint(
                name="loss_struck_by_somebody",
                condition=Q(struck_at=None, struck_by=None) | Q(struck_at__isnull=False, struck_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.amount_cny}"


class Statement(models.Model):
    """One version of what the consumer tells the police. `suspects` names whom the consumer suspects, if anybody. Never edited.

    `sha256` is of the whole version with the losses of its time: whoever confirms it confirms exactly this.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    facts = EncryptedTextField()
    suspects = EncryptedTextField(blank=True)
    sha256 = models.BinaryField(max_length=32)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="statement_dense", fields=["case", "version"])]

    def __str__(self) -> str:
        return f"v{self.version}"


class Confirmation(models.Model):
    """The consumer said that a version is what happened: by a code to the own phone, or so that staff can show it. Never edited."""

    key_scope = "case_id"

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, primary_key=True, related_name="confirmation")
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="+")
    sha256 = models.BinaryField(max_length=32)
    challenge = models.UUIDField(null=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    evidence = EncryptedTextField(blank=True)
    actor_kind = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="confirmation_by_code_or_shown",
                condition=Q(actor_kind="consumer", challenge__isnull=False) | Q(actor_kind="staff", challenge=None),
            )
        ]

    def __str__(self) -> str:
        return f"confirmation of {self.statement_id}"


class Cooperation(models.Model):
    """One request of an authority and our answer: who asked for what on which legal basis; what was given, by whom, when. The answer is told
    once; otherwise a row stays as it is. Data of people leave only as a pack that a second person let out (`pack`).
    """

    key_scope = "case_id"

    class Answer(models.TextChoices):
        OPEN = "", pgettext_lazy("co-operation", "Not answered yet")
        PACK = "pack", pgettext_lazy("co-operation", "A released pack was handed over")
        PLAIN = "plain", pgettext_lazy("co-operation", "Answered without data of any person")
        REFUSED = "refused", pgettext_lazy("co-operation", "Nothing was given")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="requests")
    seq = models.PositiveSmallIntegerField()
    authority = models.CharField(max_length=120)
    basis = models.CharField(max_length=20)
    reference = EncryptedTextField()
    wanted = EncryptedTextField()
    asked_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True, default="")
    given = EncryptedTextField(blank=True)
    pack = models.ForeignKey("police.Pack", on_delete=models.PROTECT, null=True, related_name="requests")
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="cooperation_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="cooperation_answered_whole",
                condition=Q(answer="", pack=None, answered_on=None, answered_by=None, answered_at=None)
                | Q(
                    answer="pack",
                    pack__isnull=False,
                    answered_on__isnull=False,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                | Q(
                    answer__in=["plain", "refused"],
                    pack=None,
                    answered_on__isnull=False,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.authority}"
