"""The orders, and what the core system says it did on a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7


class Order(models.Model):
    """One thing the core lending system is told to do about a loan.

    `key` is the idempotency key it gets: one key, one effect. `to` names the payment whose account the money goes back to, such
    as `repayment:R-1`; no account is kept here. `external_id` is the system's own number of the order.
    """

    class Kind(models.TextChoices):
        SUPPRESS = "suppress", pgettext_lazy("order", "Stop collection, debits and negative reporting")
        CANCEL_LOAN = "cancel_loan", pgettext_lazy("order", "Cancel the loan")
        REFUND_CONSUMER = "refund_consumer", pgettext_lazy("order", "Pay back to the consumer")
        CLAWBACK_MERCHANT = "clawback_merchant", pgettext_lazy("order", "Claim back from the merchant")
        RESTORE_LIMIT = "restore_limit", pgettext_lazy("order", "Restore the credit limit")
        CORRECT_CREDIT = "correct_credit", pgettext_lazy("order", "Correct the credit record")
        HOLD = "hold", pgettext_lazy("order", "Hold")
        RELEASE = "release", pgettext_lazy("order", "Release")

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("order state", "Requested")
        SENT = "sent", pgettext_lazy("order state", "Sent")
        CONFIRMED = "confirmed", pgettext_lazy("order state", "Confirmed")
        FAILED = "failed", pgettext_lazy("order state", "Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="orders")
    amount_cents = models.BigIntegerField(null=True)
    to = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    external_id = models.CharField(max_length=80, blank=True)
    ordered_by = models.UUIDField(null=True)
    ordered_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="order_of_loan", fields=["loan", "ordered_at"])]
        constraints = [
            models.UniqueConstraint(
                name="order_cancels_a_loan_once",
                fields=["loan"],
                condition=Q(kind="cancel_loan") & ~Q(state="failed"),
            ),
            models.CheckConstraint(
                name="order_amount_positive", condition=Q(amount_cents=None) | Q(amount_cents__gt=0)
            ),
            models.CheckConstraint(
                name="order_of_money_has_an_amount",
                condition=~Q(kind__in=["refund_consumer", "clawback_merchant", "restore_limit"])
                | Q(amount_cents__isnull=False),
            ),
            models.CheckConstraint(name="order_refund_names_its_way", condition=~Q(kind="refund_consumer") | ~Q(to="")),
            models.CheckConstraint(
                name="order_state_fits_moments",
                condition=Q(state="requested", sent_at=None, ended_at=None)
                | Q(state="sent", sent_at__isnull=False, ended_at=None)
                | Q(state__in=["confirmed", "failed"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Statement(models.Model):
    """The core system's own book of one Shanghai day, as it told it at `taken_at`: the orders that ended then.

    `lines` are `{order, key, kind, cents, status, at}`; cents None where no money moved. Never edited: a later telling is a later row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField()
    lines = models.JSONField()
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="statement_of_day", fields=["day", "-taken_at"])]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.taken_at:%H:%M}"
