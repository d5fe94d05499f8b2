"""A longer period of an outside body's mediation: proposed by whoever mediates, and in force only with the yes of both sides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from cases.mediation.states import Side
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class LongerPeriod(models.Model):
    """A later last day (`until`, Shanghai) put to both sides. `reason` is read by both. It comes into force with the second yes.

    Source: OM2021 art 24, house MED30.
    """

    key_scope = "case_id"

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("longer period", "Put to both sides")
        AGREED = "agreed", pgettext_lazy("longer period", "Both agreed")
        REFUSED = "refused", pgettext_lazy("longer period", "One side said no")
        LAPSED = "lapsed", pgettext_lazy("longer period", "Not both answered in time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="longer_periods")
    until = models.DateField()
    reason = EncryptedTextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="longer_one_open", fields=["case"], condition=Q(outcome="")),
            models.CheckConstraint(
                name="longer_ended_with_a_time",
                condition=Q(outcome="", ended_at=None)
                | Q(outcome__in=["agreed", "refused", "lapsed"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d} {self.outcome}"


class PeriodAnswer(models.Model):
    """What one side said to a longer period: by a code to its own phone (`challenge`), or to staff, with where it was said. Never edited."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period = models.ForeignKey(LongerPeriod, on_delete=models.PROTECT, related_name="answers")
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    says_yes = models.BooleanField()
    challenge = models.UUIDField(null=True, unique=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    evidence = EncryptedTextField(blank=True)
    actor_kind = models.CharField(max_length=10)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="periodanswer_once", fields=["period", "side"]),
            models.CheckConstraint(name="periodanswer_side_known", condition=Q(side__in=["consumer", "merchant"])),
            # A yes is proven: by a code to the phone of the side, or by what staff can show. A no needs nothing.
            models.CheckConstraint(
                name="periodanswer_is_proven",
                condition=Q(says_yes=False) | Q(challenge__isnull=False) | Q(actor_kind="staff"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.says_yes}"
