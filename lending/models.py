"""Consumers, merchants, funders, loans: the little of them that a complaint needs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField
from lending.uscc import validate_uscc


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
    """One loan, as mirrored from the core lending system. `disbursed_at` is when the money really left."""

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
    principal_cny = models.DecimalField(max_digits=18, decimal_places=2)
    term_months = models.PositiveSmallIntegerField()
    disbursed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    service_state = models.CharField(max_length=10, choices=Service, default=Service.UNKNOWN)
    contract_no = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="loan_principal_positive", condition=Q(principal_cny__gt=0))]

    def __str__(self) -> str:
        return self.number
