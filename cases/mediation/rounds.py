"""Rounds in which each side says something in secret: a limit in yuan, or yes or no to what the mediator proposes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from cases.mediation.states import Side
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Round(models.Model):
    """One round. What is said in it is sealed under a key of its own, which is destroyed when the round is over, however it ended.

    `bids`: both limits meet at the middle, or nothing is known of either. `proposal`: the mediator's terms (`said`), accepted only
    if both say yes; the house tells neither what the other said. `pay_days` is how long the merchant has to pay what the limits meet at.
    `offer` is the accepted offer that came of it. Source: house sealed round.
    """

    key_scope = "case_id"

    class Kind(models.TextChoices):
        BIDS = "bids", pgettext_lazy("round", "Sealed limits")
        PROPOSAL = "proposal", pgettext_lazy("round", "Proposal of the mediator")

    class Outcome(models.TextChoices):
        NONE = "", pgettext_lazy("round", "Open")
        SETTLED = "settled", pgettext_lazy("round", "The two met")
        APART = "apart", pgettext_lazy("round", "The two did not meet")
        LAPSED = "lapsed", pgettext_lazy("round", "Not answered by both in time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="rounds")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    said = EncryptedTextField(blank=True)
    pay_days = models.PositiveSmallIntegerField(null=True)
    opened_by_kind = models.CharField(max_length=10)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    offer = models.OneToOneField("mediation.Offer", on_delete=models.PROTECT, null=True, related_name="round")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="round_dense", fields=["case", "seq"]),
            models.UniqueConstraint(name="round_one_open", fields=["case"], condition=Q(outcome="")),
            models.CheckConstraint(name="round_stands_a_while", condition=Q(expires_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="round_ends_with_a_time",
                condition=Q(outcome="", ended_at=None)
                | Q(outcome__in=["settled", "apart", "lapsed"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="round_settled_by_an_offer",
                condition=Q(outcome="settled", offer__isnull=False) | (~Q(outcome="settled") & Q(offer=None)),
            ),
            models.CheckConstraint(
                name="round_bids_name_days",
                condition=Q(kind="bids", pay_days__gte=1) | Q(kind="proposal", pay_days=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.kind}"


class SecretAnswer(models.Model):
    """What one side said in a round, once. Read by the machine when both have spoken, by nobody else ever."""

    key_scope = "round_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="secret_answers")
    side = models.CharField(max_length=10, choices=Side)
    said = EncryptedTextField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="secret_answer_once", fields=["round", "side"]),
            models.CheckConstraint(name="secret_answer_side", condition=Q(side__in=["consumer", "merchant"])),
        ]

    def __str__(self) -> str:
        return self.side
