"""The inquiry: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django_fsm import transition

from cases.inquiries.states import Nature, State
from cases.models import Case
from jike.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from jike.accounts.models import Unit


class Inquiry(Case):
    """A question, a report of a violation, or a clue. `told` proves that the person was told of the answer or of the routing.

    A report goes to a unit of the house (`routed_unit`) or to an authority outside (`routed_outside`). Source: O2020-3 art 2, art 32.
    """

    nature = models.CharField(max_length=10, choices=Nature)
    narrative = EncryptedTextField(blank=True)
    merchant_named = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    routed_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    routed_outside = models.CharField(max_length=120, blank=True)
    routed_at = models.DateTimeField(null=True)
    told = models.ForeignKey("cases.Delivery", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        return self.number

    @property
    def is_anonymous(self) -> bool:
        """Nobody is there to be told anything."""
        return self.nature == Nature.CLUE

    @transition(field="state", source=State.RECEIVED, target=State.ANSWERED)
    def mark_answered(self, *, at: datetime) -> None:
        self.answered_at, self.told = at, None

    @transition(field="state", source=[State.RECEIVED, State.ROUTED], target=State.ROUTED)
    def mark_routed(self, *, unit: Unit | None, outside: str, at: datetime) -> None:
        self.routed_unit, self.routed_outside, self.routed_at, self.told = unit, outside, at, None

    @transition(field="state", source=[State.RECEIVED, State.ANSWERED, State.ROUTED], target=State.CONVERTED)
    def mark_converted(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[State.RECEIVED, State.ANSWERED, State.ROUTED], target=State.CLOSED)
    def mark_closed(self, *, at: datetime) -> None:
        self.ended_at = at
