"""Recusal (回避): who of the staff may have nothing to do with a case, and the relations that say so beforehand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class StaffRelation(models.Model):
    """A declared relation of a member of staff to a merchant, a loan, a consumer or a phone number. Ended, never deleted.

    `person` is the human behind `user`. Exactly one target is set. Source: O2020-3 art 17.
    """

    class Role(models.TextChoices):
        RELATIVE = "relative", _("Relative or close friend")
        OWNER = "owner", _("Owner, partner or registered contact")
        ONBOARDING = "onboarding", _("Brought the merchant in or looks after it")
        SALESPERSON = "salesperson", _("Sold or arranged the loan")
        COLLECTOR = "collector", _("Collected the loan")
        PHONE = "phone", _("Own or family telephone number")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="relations")
    person = models.UUIDField()
    role = models.CharField(max_length=12, choices=Role)
    merchant = models.ForeignKey("lending.Merchant", on_delete=models.PROTECT, null=True, related_name="+")
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, null=True, related_name="+")
    consumer = models.ForeignKey("lending.Person", on_delete=models.PROTECT, null=True, related_name="+")
    phone_index = models.BinaryField(max_length=32, null=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relation_one_target",
                condition=Q(merchant__isnull=False, loan=None, consumer=None, phone_index=None)
                | Q(merchant=None, loan__isnull=False, consumer=None, phone_index=None)
                | Q(merchant=None, loan=None, consumer__isnull=False, phone_index=None)
                | Q(merchant=None, loan=None, consumer=None, phone_index__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                name=f"relation_of_{target}",
                fields=[target],
                condition=Q(ended_at=None, **{f"{target}__isnull": False}),
            )
            for target in ("merchant", "loan", "consumer", "phone_index")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class Recusal(models.Model):
    """One person kept from one case, by their own word, at somebody's request or by a known relation.

    In force from `effective_at` until `lifted_at`, for every account of `person`. A request has neither until it is decided;
    one request of a case waits at a time. Reasons are sealed: they speak of private relations. Source: O2020-3 art 17.
    """

    key_scope = "case_id"

    class Kind(models.TextChoices):
        DECLARED = "declared", _("Declared")
        REQUESTED = "requested", _("Requested")
        AUTOMATIC = "automatic", _("By a known relation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    person = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind)
    ground = models.CharField(max_length=12)
    reason = EncryptedTextField(blank=True)
    relation = models.ForeignKey(StaffRelation, on_delete=models.PROTECT, null=True, related_name="recusals")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_person = models.UUIDField(null=True)
    effective_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = EncryptedTextField(blank=True)
    lift_reason = EncryptedTextField(blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    txid = models.BigIntegerField(db_default=0)

    IN_FORCE = Q(effective_at__isnull=False, lifted_at=None)
    WAITING = Q(effective_at=None, decided_at=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recusal_once",
                fields=["person", "case"],
                condition=Q(effective_at__isnull=False, lifted_at=None),
            ),
            models.UniqueConstraint(
                name="recusal_one_open", fields=["case"], condition=Q(effective_at=None, decided_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
