"""What follows a decision of a complaint: attempts to tell it, what was promised, its review, and what the consumer says to it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Delivery
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Attempt(models.Model):
    """One failed attempt to tell a decision: in time, but no notice by itself. Never edited. Source: O2020-3 art 21."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", _("Nobody answered")
        WRONG_NUMBER = "wrong_number", _("The number or address is wrong")
        RETURNED = "returned", _("Came back undelivered")
        REFUSED = "refused", _("The consumer refused to take it")

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="attempts")
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="attempts")
    manner = models.CharField(max_length=8, choices=Delivery.Manner)
    outcome = models.CharField(max_length=12, choices=Outcome)
    at = models.DateTimeField()
    number_mask = models.CharField(max_length=20, blank=True)
    evidence = EncryptedTextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.manner} {self.outcome}"


class Redress(models.Model):
    """One promise of an approved decision: what, how much, by when; and, once it was kept, when and by what proof.

    The promise never changes. It is confirmed once, and no case closes before.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="promises")
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="promises")
    seq = models.PositiveSmallIntegerField()
    what = EncryptedTextField()
    amount_cny = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    due_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="redress_once", fields=["decision", "seq"]),
            models.CheckConstraint(name="redress_not_negative", condition=Q(amount_cny__gte=0)),
            models.CheckConstraint(
                name="redress_confirmed_whole",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.seq}"


class Review(models.Model):
    """One review (核查) of a branch's decision by the superior unit: asked for, and decided once by another person of another unit.

    Source: O2020-3 art 20.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("The decision stands")
        CHANGED = "changed", _("The decision is changed")

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reviews")
    reviewed = models.OneToOneField("cases.Decision", on_delete=models.PROTECT, related_name="review")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    reviewed_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    asked_at = models.DateTimeField()
    decision = models.OneToOneField(
        "cases.Decision", on_delete=models.PROTECT, null=True, related_name="review_made_by"
    )
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decider_person = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    procedure = EncryptedTextField(blank=True)
    timeliness = EncryptedTextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="review_by_another_unit", condition=~Q(unit=F("reviewed_unit"))),
            models.CheckConstraint(
                name="review_decided_whole",
                condition=Q(decision=None, decider=None, decider_person=None, outcome="", decided_at=None)
                | Q(
                    decision__isnull=False,
                    decider__isnull=False,
                    decider_person__isnull=False,
                    outcome__in=["upheld", "changed"],
                    decided_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.outcome or 'open'}"


class Statement(models.Model):
    """What the consumer says to a told decision: accepted or contested, each once for one decision; the last word counts.

    `template` names the text on its legal effect that was shown. Never edited, and no right ends by it. Source: house statement.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("statement", "Accepted")
        CONTESTED = "contested", pgettext_lazy("statement", "Contested")

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="statements")
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind)
    words = EncryptedTextField(blank=True)
    template = models.CharField(max_length=80)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="statement_once", fields=["decision", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.said_at:%Y-%m-%d %H:%M}"


def _score() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True, validators=[MinValueValidator(1), MaxValueValidator(5)])


class Survey(models.Model):
    """The satisfaction survey of one told decision: opened with the notice, sent once, answered once or never.

    Who does not answer is no part of any average. Source: house survey.
    """

    QUESTIONS = ("result", "speed", "conduct")

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="surveys")
    decision = models.OneToOneField("cases.Decision", on_delete=models.PROTECT, related_name="survey")
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    result = _score()
    speed = _score()
    conduct = _score()
    words = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_answered_whole",
                condition=Q(answered_at=None, result=None, speed=None, conduct=None)
                | Q(answered_at__isnull=False, result__range=(1, 5), speed__range=(1, 5), conduct__range=(1, 5)),
            )
        ]

    def __str__(self) -> str:
        return f"survey {'answered' if self.answered_at else 'open'}"
