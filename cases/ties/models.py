"""What is kept of complaints that read alike, of mass events and of alarms."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jike import ledger
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Signature(models.Model):
    """How a narrative reads, for comparing: the least values of its keyed tokens (`minima`), and groups of them (`bands`).

    Neither holds text, and both go with the key of the case. Kept only while the case may still join a cluster.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    merchant = models.ForeignKey("lending.Merchant", on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    minima = ArrayField(models.IntegerField())
    bands = ArrayField(models.IntegerField())

    class Meta:
        indexes: ClassVar = [
            GinIndex(name="signature_bands", fields=["bands"]),
            models.Index(name="signature_by_receipt", fields=["received_at"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Cluster(models.Model):
    """Complaints that read alike. Found by the sweep; a person says whether it is one matter or chance."""

    class Verdict(models.TextChoices):
        OPEN = "", pgettext_lazy("cluster", "To be looked at")
        ACCEPTED = "accepted", pgettext_lazy("cluster", "One matter")
        IGNORED = "ignored", pgettext_lazy("cluster", "Chance")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    found_at = models.DateTimeField()
    grew_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default="")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(name="cluster_by_growth", fields=["-grew_at", "-id"])]

    def __str__(self) -> str:
        return str(self.pk)


class Judgement(models.Model):
    """What somebody once said of a cluster, and how many cases it had then. Sealed, and never changed: verdicts follow one another."""

    LEDGER_SOURCE = "ties.judgement"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="judgements")
    seq = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Cluster.Verdict, blank=True)
    cases = models.PositiveIntegerField()
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="judgement_dense", fields=["cluster", "seq"])]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.seq}"

    def facts(self) -> dict[str, Any]:
        """What the ledger seals of it."""
        return {
            "seq": self.seq,
            "verdict": self.verdict,
            "cases": self.cases,
            "by": str(self.judged_by_id),
            "at": int(self.judged_at.timestamp()) * 1_000_000 + self.judged_at.microsecond,
        }

    def digest(self) -> bytes:
        return hashlib.sha256(ledger.canonical(self.facts())).digest()


class ClusterCase(models.Model):
    """A case of a cluster. `likeness` is how alike (per cent) it was to the most alike of those there before."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="clustered")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="members")
    likeness = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class MassEvent(models.Model):
    """A mass event (群体事件): cases of one matter under one name, with a lead case. Open until its last case has left.

    Not to be taken for a major complaint: how many came in person is a fact of one case (`record_joint`). Source: O2020-3 art 29.
    """

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = EncryptedTextField()
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    cluster = models.ForeignKey(Cluster, on_delete=models.SET_NULL, null=True, related_name="events")
    formed_at = models.DateTimeField()
    formed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="massevent_one_of_cluster", fields=["cluster", "unit"], condition=Q(ended_at=None)
            )
        ]
        indexes: ClassVar = [models.Index(name="massevent_of_unit", fields=["unit", "-formed_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class MassCase(models.Model):
    """A case in a mass event, from `joined_at` until `left_at`. In one at a time; who and why stands on the case's own events."""

    event = models.ForeignKey(MassEvent, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="mass")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="masscase_one_at_a_time", fields=["case"], condition=Q(left_at=None))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Alarm(models.Model):
    """A salesperson or merchant with so many open complaints that supervisors were told. Ends when they are fewer again.

    One is open per subject, so nobody is told twice of one crossing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    salesperson = models.ForeignKey("lending.Salesperson", on_delete=models.PROTECT, null=True, related_name="+")
    merchant = models.ForeignKey("lending.Merchant", on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="alarm_one_subject",
                condition=Q(salesperson=None, merchant__isnull=False) | Q(salesperson__isnull=False, merchant=None),
            ),
            *(
                models.UniqueConstraint(
                    name=f"alarm_once_per_{whom}",
                    fields=[whom],
                    condition=Q(ended_at=None, **{f"{whom}__isnull": False}),
                )
                for whom in ("salesperson", "merchant")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Round(models.Model):
    """When a timer of this app last went round: sweeps come every few seconds, a round of these costs more than that is worth."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
