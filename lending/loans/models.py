"""What is kept of a loan besides its row: terms, schedule, fees, money that moved, and the documents that told it.

Amounts are whole cents of CNY. Rows are added and stay; what the core system may still decide about them (a debit under
way, a fee not yet paid) is settled once. `guards.py` of the app holds that and the sums that must tie.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Role(models.TextChoices):
    """Who pays and who receives around a loan."""

    CONSUMER = "consumer", pgettext_lazy("money party", "Consumer")
    MERCHANT = "merchant", pgettext_lazy("money party", "Merchant")
    FUNDER = "funder", pgettext_lazy("money party", "Funder")
    PLATFORM = "platform", pgettext_lazy("money party", "Platform")
    GUARANTOR = "guarantor", pgettext_lazy("money party", "Guarantor")
    INSURER = "insurer", pgettext_lazy("money party", "Insurer")
    AGENT = "agent", pgettext_lazy("money party", "Sales agent")


class Kind(models.TextChoices):
    """What a payment is for."""

    PRINCIPAL = "principal", pgettext_lazy("money kind", "Principal")
    INTEREST = "interest", pgettext_lazy("money kind", "Interest")
    GUARANTEE = "guarantee", pgettext_lazy("money kind", "Guarantee fee")
    SERVICE = "service", pgettext_lazy("money kind", "Service fee")
    INSURANCE = "insurance", pgettext_lazy("money kind", "Insurance premium")
    MEMBERSHIP = "membership", pgettext_lazy("money kind", "Membership fee")
    PENALTY = "penalty", pgettext_lazy("money kind", "Penalty for late payment")
    DOWN_PAYMENT = "down_payment", pgettext_lazy("money kind", "Down payment")
    SUBSIDY = "subsidy", pgettext_lazy("money kind", "Interest subsidy of the merchant")
    COMMISSION = "commission", pgettext_lazy("money kind", "Commission")
    REBATE = "rebate", pgettext_lazy("money kind", "Rebate")
    COUPON = "coupon", pgettext_lazy("money kind", "Coupon")


COSTS = (Kind.INTEREST, Kind.GUARANTEE, Kind.SERVICE, Kind.INSURANCE, Kind.MEMBERSHIP, Kind.PENALTY)
"""What the loan costs the consumer besides the principal."""


class Terms(models.Model):
    """One version of the contract terms. What was in force when a loan was signed governs its return for good.

    `silence_is_unserved`: the terms say that a merchant who does not answer in time counts as not having served.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    effective_on = models.DateField()
    free_return = models.BooleanField()
    first_loan_only = models.BooleanField()
    silence_is_unserved = models.BooleanField()
    text_sha256 = models.CharField(max_length=64)
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return self.code


class LoanDocument(models.Model):
    """One document of the core system about a loan, as of a moment. Its content is kept as a keyed hash: the rows are the content."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="documents")
    source = models.CharField(max_length=40)
    as_of_at = models.DateTimeField()
    content_hash = models.BinaryField(max_length=32)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="loandocument_once", fields=["loan", "content_hash"]),
            models.CheckConstraint(name="loandocument_not_of_tomorrow", condition=Q(as_of_at__lte=F("recorded_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of_at:%Y-%m-%d %H:%M}"


class Instalment(models.Model):
    """One line of the repayment schedule. `fees_cents` are the fees that fall due with it, whoever receives them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    principal_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField()
    fees_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="instalment_once", fields=["loan", "number"]),
            models.CheckConstraint(
                name="instalment_not_negative",
                condition=Q(number__gte=1, principal_cents__gte=0, interest_cents__gte=0, fees_cents__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.due_on}"


class Fee(models.Model):
    """One amount that somebody pays because of the loan besides principal and interest, and who receives it.

    The consumer's own fees, and what merchant, platform and others pay one another. `by_instalment` says how much falls due
    with each instalment, in their order, and is empty for what is paid in one sum, at `paid_at`. A coupon is what the consumer
    gave of one instead of money. A contingent fee (a penalty) has no amount
    before it happens, only its `standard`. `method` and `standard` are what the cost disclosure form prints.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="fees")
    external_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    payer = models.CharField(max_length=10, choices=Role)
    receiver = models.CharField(max_length=10, choices=Role)
    receiver_name = models.CharField(max_length=120, blank=True)
    amount_cents = models.BigIntegerField()
    by_instalment = ArrayField(models.BigIntegerField(), default=list)
    is_contingent = models.BooleanField(default=False)
    method = models.CharField(max_length=200, blank=True)
    standard = models.CharField(max_length=200, blank=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fee_once", fields=["loan", "external_id"]),
            models.CheckConstraint(name="fee_not_negative", condition=Q(amount_cents__gte=0)),
            models.CheckConstraint(name="fee_of_two_parties", condition=~Q(payer=F("receiver"))),
            models.CheckConstraint(name="fee_is_no_principal", condition=~Q(kind__in=["principal", "interest"])),
            models.CheckConstraint(
                name="fee_paid_once", condition=Q(by_instalment=[]) | (Q(paid_at=None) & ~Q(kind="coupon"))
            ),
            models.CheckConstraint(name="fee_coupon_of_consumer", condition=~Q(kind="coupon") | Q(payer="consumer")),
            models.CheckConstraint(
                name="fee_contingent_is_a_standard",
                condition=Q(is_contingent=False)
                | (Q(amount_cents=0, by_instalment=[], paid_at=None) & ~Q(standard="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class Disbursement(models.Model):
    """Money of the loan on its way to the merchant or the consumer: when, how much, and the accounts that paid and received."""

    class Status(models.TextChoices):
        CREDITED = "credited", pgettext_lazy("disbursement", "Credited")
        FAILED = "failed", pgettext_lazy("disbursement", "Failed")

    key_scope = "person_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="disbursements")
    person = models.ForeignKey("lending.Person", on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=60)
    at = models.DateTimeField()
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    payer = models.CharField(max_length=10, choices=Role)
    payer_account = EncryptedTextField(blank=True)
    payer_account_mask = models.CharField(max_length=40, blank=True)
    receiver = models.CharField(max_length=10, choices=Role)
    receiver_account = EncryptedTextField(blank=True)
    receiver_account_mask = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="disbursement_once", fields=["loan", "external_id"]),
            models.CheckConstraint(name="disbursement_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="disbursement_between_known_parties",
                condition=Q(payer__in=["funder", "platform"], receiver__in=["merchant", "consumer"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.at:%Y-%m-%d %H:%M}"


class Repayment(models.Model):
    """Money the consumer paid towards the loan, and the account it came from. A debit under way may still succeed or fail."""

    class Status(models.TextChoices):
        UNDER_WAY = "under_way", pgettext_lazy("repayment", "Under way")
        PAID = "paid", pgettext_lazy("repayment", "Paid")
        FAILED = "failed", pgettext_lazy("repayment", "Failed")

    key_scope = "person_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="repayments")
    person = models.ForeignKey("lending.Person", on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=60)
    paid_at = models.DateTimeField()
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    account = EncryptedTextField(blank=True)
    account_mask = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="repayment_once", fields=["loan", "external_id"]),
            models.CheckConstraint(name="repayment_positive", condition=Q(amount_cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.paid_at:%Y-%m-%d %H:%M}"


class RepaymentPart(models.Model):
    """What a repayment was for and who received it. The parts add up to the repayment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    repayment = models.ForeignKey(Repayment, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=12, choices=Kind)
    receiver = models.CharField(max_length=10, choices=Role)
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="repaymentpart_once", fields=["repayment", "kind", "receiver"]),
            models.CheckConstraint(name="repaymentpart_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="repaymentpart_leaves_the_consumer", condition=~Q(receiver="consumer")),
            models.CheckConstraint(
                name="repaymentpart_is_a_cost",
                condition=Q(
                    kind__in=["principal", "interest", "guarantee", "service", "insurance", "membership", "penalty"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.receiver}"
