"""The rows beside a return: what each screening found, the legs, and the journal that closes at zero. Amounts are whole cents."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.base.money import from_cents
from jike.privacy.fields import EncryptedTextField
from lending.loans.models import Role
from refunds.states import LegKind, LegState


class Unit(models.TextChoices):
    CASH = "cash", pgettext_lazy("unit", "Money")
    COUPON = "coupon", pgettext_lazy("unit", "Coupon")
    LIMIT = "limit", pgettext_lazy("unit", "Credit limit")


class Screening(models.Model):
    """What one screening found, and by which facts. Never edited: a later screening is a later row.

    `reasons` say why it is not simply eligible, `review` why people decide although it is; each is {code, message, source}. `facts`
    are what it judged by, as plain values, and the limits of the day.
    """

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", pgettext_lazy("screening", "Entitled")
        DISPUTED = "disputed", pgettext_lazy("screening", "Disputed")
        REFUSED = "refused", pgettext_lazy("screening", "Not entitled")
        HELD = "held", pgettext_lazy("screening", "Held")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("refunds.Refund", on_delete=models.PROTECT, related_name="screenings")
    seq = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    is_automatic = models.BooleanField()
    reasons = models.JSONField(default=list)
    review = models.JSONField(default=list)
    offers = ArrayField(models.CharField(max_length=12), default=list)
    principal_cents = models.BigIntegerField()
    limit_cents = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    screened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="screening_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="screening_automatic_is_clean",
                condition=Q(is_automatic=False)
                | Q(outcome="eligible", reasons=[], review=[], principal_cents__lte=models.F("limit_cents")),
            ),
            models.CheckConstraint(
                name="screening_says_why", condition=Q(outcome="eligible", reasons=[]) | ~Q(reasons=[])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.outcome}"


class Leg(models.Model):
    """One thing that is ordered or settled for a return, under its own key for ever. Goes forward only; `order` carries it.

    `ref` names the payment it undoes and so the account it goes back to: the one the money came from. `route` is `original`, or
    `verified` where that account is closed and the core system pays to another account of the same person that it has verified:
    nobody types an account number here. Without an order it is settled by hand, with `evidence`. `attempt` counts its orders.
    """

    key_scope = "case_id"

    class Route(models.TextChoices):
        ORIGINAL = "original", pgettext_lazy("route", "The account it came from")
        VERIFIED = "verified", pgettext_lazy("route", "Another verified account of the same person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("refunds.Refund", on_delete=models.PROTECT, related_name="legs")
    seq = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=24, choices=LegKind)
    payer = models.CharField(max_length=10, choices=Role)
    receiver = models.CharField(max_length=10, choices=Role)
    cents = models.BigIntegerField()
    unit = models.CharField(max_length=6, choices=Unit, default=Unit.CASH)
    ref = models.CharField(max_length=80, blank=True)
    account_mask = models.CharField(max_length=40, blank=True)
    route = models.CharField(max_length=8, choices=Route, default=Route.ORIGINAL)
    is_awaited = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=LegState)
    order = models.OneToOneField("lending.Order", on_delete=models.PROTECT, null=True, related_name="leg")
    attempt = models.PositiveSmallIntegerField(default=0)
    evidence = EncryptedTextField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="leg_dense", fields=["case", "seq"]),
            models.CheckConstraint(name="leg_not_negative", condition=Q(cents__gte=0)),
            models.CheckConstraint(
                name="leg_ends_with_a_time",
                condition=Q(state__in=["confirmed", "failed", "void"], ended_at__isnull=False)
                | Q(state__in=["waiting", "requested", "sent", "unknown"], ended_at=None),
            ),
            models.CheckConstraint(
                name="leg_is_ordered_or_by_hand",
                condition=Q(by_hand=True, order=None, state__in=["waiting", "confirmed", "void"])
                | Q(by_hand=False, order=None, state__in=["waiting", "void"])
                | Q(
                    by_hand=False,
                    order__isnull=False,
                    state__in=["requested", "sent", "unknown", "confirmed", "failed"],
                ),
            ),
            models.CheckConstraint(
                name="leg_of_consumer_goes_back",
                condition=~Q(receiver="consumer", unit="cash", cents__gt=0) | ~Q(ref=""),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def amount(self) -> Decimal:
        return from_cents(self.cents)

    @property
    def is_to_consumer(self) -> bool:
        return self.receiver == Role.CONSUMER and self.unit == Unit.CASH


class JournalLine(models.Model):
    """One line of the double-entry journal: what `party` received (above zero) or gave. The two lines of an entry cancel out.

    `told` is what moved because of the loan, `leg` what goes back. Never edited; what turned out not to be needed is booked back.
    """

    class Phase(models.TextChoices):
        TOLD = "told", pgettext_lazy("journal", "Had moved")
        LEG = "leg", pgettext_lazy("journal", "Goes back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("refunds.Refund", on_delete=models.PROTECT, related_name="journal")
    entry = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=4, choices=Phase)
    kind = models.CharField(max_length=24)
    party = models.CharField(max_length=10, choices=Role)
    unit = models.CharField(max_length=6, choices=Unit)
    cents = models.BigIntegerField()
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="journalline_once", fields=["case", "entry", "party"]),
            models.CheckConstraint(name="journalline_moves", condition=~Q(cents=0)),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.party}"
