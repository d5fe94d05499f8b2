"""The complaint: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.complaints.states import State
from cases.models import Case
from jike.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from cases.models import Decision, Delivery


class Complaint(Case):
    """A complaint about a loan, a merchant or the platform. Source: O2020-3 art 2, art 13."""

    class Waiver(models.TextChoices):
        NONE = "", _("No waiver")
        UNREACHABLE = "unreachable", _("Unreachable after enough attempts")

    claim = EncryptedTextField(blank=True)
    narrative = EncryptedTextField(blank=True)
    merchant_named = EncryptedTextField(blank=True)
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey("cases.Delivery", on_delete=models.PROTECT, null=True, related_name="+")
    notice_waiver = models.CharField(max_length=12, choices=Waiver, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_manner = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.number

    @transition(field="state", source=State.RECEIVED, target=State.INVESTIGATING)
    def mark_accepted(self, *, at: datetime) -> None:
        self.accepted_at = at

    @transition(field="state", source=State.INVESTIGATING, target=State.DECIDING)
    def mark_proposed(self) -> None:
        pass

    @transition(field="state", source=State.DECIDING, target=State.INVESTIGATING)
    def mark_returned(self) -> None:
        pass

    @transition(field="state", source=State.DECIDING, target=State.DECIDED)
    def mark_decided(self, *, decision: Decision, at: datetime) -> None:
        self.decision, self.decided_at = decision, at

    @transition(field="state", source=State.DECIDED, target=State.NOTIFIED)
    def mark_notified(self, *, proof: Delivery | None, waiver: str = "") -> None:
        self.notice, self.notice_waiver = proof, waiver
        self.notified_at = proof.sent_at if proof else None

    @transition(field="state", source=State.NOTIFIED, target=State.CLOSED)
    def mark_closed(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(
        field="state",
        source=[State.RECEIVED, State.INVESTIGATING, State.DECIDING, State.DECIDED],
        target=State.WITHDRAWN,
    )
    def mark_withdrawn(self, *, at: datetime, manner: str) -> None:
        self.withdrawn_at, self.withdrawal_manner, self.ended_at = at, manner, at
