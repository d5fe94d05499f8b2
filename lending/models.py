"""Consumers, merchants, funders, loans and calls: the little of them that a complaint needs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField
from lending.cost.models import CostOffer, Disclosure, DisclosurePaper
from lending.loans.models import (
    Disbursement,
    Fee,
    Instalment,
    LoanDocument,
    Repayment,
    RepaymentPart,
    Terms,
)
from lending.orders.models import Order, Statement
from lending.recordings.models import Contract, Recording, RecordingEvent, Script
from lending.recordings.records import (
    DestructionCertificate,
    DestructionVote,
    Permission,
    RecordingCheck,
    RecordingConsent,
    RecordingHold,
    RecordingLook,
    RecordingMark,
    RecordingPart,
    RecordingPiece,
    RecordingVerdict,
)
from lending.uscc import validate_uscc

__all__ = [
    "Contact",
    "Contract",
    "CostOffer",
    "DestructionCertificate",
    "DestructionVote",
    "Disbursement",
    "Disclosure",
    "DisclosurePaper",
    "Fee",
    "Funder",
    "Instalment",
    "Loan",
    "LoanDocument",
    "Merchant",
    "Order",
    "Permission",
    "Person",
    "Recording",
    "RecordingCheck",
    "RecordingConsent",
    "RecordingEvent",
    "RecordingHold",
    "RecordingLook",
    "RecordingMark",
    "RecordingPart",
    "RecordingPiece",
    "RecordingVerdict",
    "Repayment",
    "RepaymentPart",
    "Salesperson",
    "Script",
    "Statement",
    "Terms",
]


class Person(models.Model):
    """A consumer. One row per phone number and name: numbers are given to new people, so a number alone is nobody.

    `identity_index` is that pair as a keyed hash and makes registration safe against two requests at once. The masks are
    what lists show; the indexes are keyed hashes of normalised values.
    """

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = EncryptedTextField()
    phone = EncryptedTextField()
    id_number = EncryptedTextField(blank=True)
    name_mask = models.CharField(max_length=40)
    phone_mask = models.CharField(max_length=20)
    id_mask = models.CharField(max_length=20, blank=True)
    identity_index = models.BinaryField(max_length=32, unique=True, editable=False)
    phone_index = models.BinaryField(max_length=32, editable=False)
    id_index = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField()
    is_new = False  # made by the very call that gave the instance: nothing can point at it yet

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index(name="person_by_phone", fields=["phone_index", "-created_at"]),
            models.Index(name="person_by_id_number", fields=["id_index"], condition=Q(id_index__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name_mask


class Merchant(models.Model):
    """A shop or school whose goods or services a loan paid for. Its contact is a person and therefore encrypted."""

    class Scene(models.TextChoices):
        MEDICAL_AESTHETICS = "medical_aesthetics", pgettext_lazy("scene", "Medical aesthetics")
        TRAINING = "training", pgettext_lazy("scene", "Training")
        RENTAL = "rental", pgettext_lazy("scene", "Rental")
        ELECTRONICS = "electronics", pgettext_lazy("scene", "Electronics")
        RENOVATION = "renovation", pgettext_lazy("scene", "Renovation")

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, unique=True, validators=[validate_uscc])
    scene = models.CharField(max_length=20, choices=Scene)
    city = models.CharField(max_length=40)
    contact_phone = EncryptedTextField(blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Salesperson(models.Model):
    """Whoever sold or arranged a loan: by the code the core system or the shop gave, else by the name said.

    One row per shop and code, or per shop and name where no code is known: that pair as a keyed hash is `identity_index`.
    `name_index` is the name alone and only serves searching: two shops may each have their own person of one name.
    """

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="salespeople")
    code = models.CharField(max_length=40, blank=True)
    name = EncryptedTextField(blank=True)
    name_mask = models.CharField(max_length=40, blank=True)
    identity_index = models.BinaryField(max_length=32, unique=True, editable=False)
    name_index = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "salespeople"
        indexes = [
            models.Index(name="salesperson_by_name", fields=["name_index"], condition=Q(name_index__isnull=False)),
            models.Index(name="salesperson_by_code", fields=["code"], condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.name_mask, self.code) if part)


class Funder(models.Model):
    """An institution that answers complaints: a licensed lender (head office or branch), or Jike where it speaks for itself.

    `letter_name` is printed as the sender of letters. Only one row speaks for the platform.
    """

    class Level(models.TextChoices):
        HEAD = "head", _("Head office")
        BRANCH = "branch", _("Branch")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120, unique=True)
    letter_name = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, blank=True, validators=[validate_uscc])
    hotline = models.CharField(max_length=40)
    address = models.CharField(max_length=200)
    level = models.CharField(max_length=8, choices=Level, default=Level.HEAD)
    speaks_for_platform = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="funder_one_platform", fields=["speaks_for_platform"], condition=Q(speaks_for_platform=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Loan(models.Model):
    """One loan, as mirrored from the core lending system. `disbursed_at` is when the money really left, at first.

    `served_bp` is how much of the service was given, in hundredths of a percent, where somebody said so. What else is known
    of a loan stands in `lending.loans.models`.
    """

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("loan state", "Being repaid")
        OVERDUE = "overdue", pgettext_lazy("loan state", "Overdue")
        SETTLED = "settled", pgettext_lazy("loan state", "Settled")
        CANCELLED = "cancelled", pgettext_lazy("loan state", "Cancelled")

    class Service(models.TextChoices):
        UNKNOWN = "unknown", pgettext_lazy("service state", "Not known")
        NONE = "none", pgettext_lazy("service state", "Not served")
        PARTLY = "partly", pgettext_lazy("service state", "Partly served")
        SERVED = "served", pgettext_lazy("service state", "Served")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="loans")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="loans")
    funder = models.ForeignKey(Funder, on_delete=models.PROTECT, related_name="loans")
    salesperson = models.ForeignKey(Salesperson, on_delete=models.PROTECT, null=True, related_name="loans")
    principal_cny = models.DecimalField(max_digits=18, decimal_places=2)
    term_months = models.PositiveSmallIntegerField()
    disbursed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    service_state = models.CharField(max_length=10, choices=Service, default=Service.UNKNOWN)
    served_bp = models.PositiveSmallIntegerField(null=True)
    contract_no = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, related_name="loans")

    class Meta:
        constraints = [
            models.CheckConstraint(name="loan_principal_positive", condition=Q(principal_cny__gt=0)),
            models.CheckConstraint(
                name="loan_service_fits_proportion",
                condition=Q(served_bp=None)
                | Q(service_state="none", served_bp=0)
                | Q(service_state="partly", served_bp__gt=0, served_bp__lt=10000)
                | Q(service_state="served", served_bp=10000),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Contact(models.Model):
    """One telephone call about a debt, or about a disbursement that looks like fraud. Never edited; the number is sealed.

    `caller` is empty for the lender, else the agent's name: both count together. `broke` names the rules a call made elsewhere
    broke. `disbursement` is the order an anti-fraud call was about. Source: GBT45251, CBA2026.
    """

    key_scope = "person_id"

    class Kind(models.TextChoices):
        COLLECTION = "collection", pgettext_lazy("contact", "Collection")
        ANTIFRAUD = "antifraud", pgettext_lazy("contact", "Anti-fraud")

    class To(models.TextChoices):
        DEBTOR = "debtor", pgettext_lazy("contact", "The borrower")
        THIRD = "third", pgettext_lazy("contact", "A contact person")

    class Outcome(models.TextChoices):
        EFFECTIVE = "effective", pgettext_lazy("contact", "Spoken to")
        UNANSWERED = "unanswered", pgettext_lazy("contact", "Not answered")
        INVALID = "invalid", pgettext_lazy("contact", "Number out of use")
        DECLINED = "declined", pgettext_lazy("contact", "Asked not to be called")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=12, choices=Kind)
    to = models.CharField(max_length=8, choices=To)
    phone = EncryptedTextField()
    phone_mask = models.CharField(max_length=20)
    phone_index = models.BinaryField(max_length=32, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome)
    caller = models.CharField(max_length=80, blank=True)
    disbursement = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    broke = ArrayField(models.CharField(max_length=40), default=list)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="contact_of_person", fields=["person", "-made_at"]),
            models.Index(name="contact_to_number", fields=["phone_index", "-made_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_antifraud_names_order",
                condition=~Q(kind="antifraud") | (Q(to="debtor") & ~Q(disbursement="")),
            ),
            models.CheckConstraint(name="contact_made_before_recorded", condition=Q(made_at__lte=F("recorded_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d %H:%M}"
