"""The complaint: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from cases.complaints.outcomes import Attempt, Redress, Review, Statement, Survey
from cases.complaints.records import (
    ClockPause,
    Extension,
    NewFacts,
    PhoneChange,
    ReceiptCorrection,
    SupplementAnswer,
    SupplementItem,
    SupplementRequest,
)
from cases.complaints.states import State
from cases.models import Case
from jike.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from cases.models import Decision, Delivery
    from jike.accounts.models import Unit

__all__ = [
    "Attempt",
    "ClockPause",
    "Complaint",
    "Extension",
    "NewFacts",
    "PhoneChange",
    "ReceiptCorrection",
    "Redress",
    "Review",
    "Statement",
    "SupplementAnswer",
    "SupplementItem",
    "SupplementRequest",
    "Survey",
]


class Complaint(Case):
    """A complaint about a loan, a merchant or the platform. Source: O2020-3 art 2, art 13."""

    class Waiver(models.TextChoices):
        NONE = "", _("No waiver")
        UNREACHABLE = "unreachable", _("Unreachable after enough attempts")

    claim = EncryptedTextField(blank=True)
    narrative = EncryptedTextField(blank=True)
    merchant_named = EncryptedTextField(blank=True)
    answers = EncryptedTextField(blank=True)
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey("cases.Delivery", on_delete=models.PROTECT, null=True, related_name="+")
    notice_waiver = models.CharField(max_length=12, choices=Waiver, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_manner = models.CharField(max_length=12, blank=True)
    declined_at = models.DateTimeField(null=True)
    decline_code = models.CharField(max_length=20, blank=True)
    merged_into = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="merged_cases")
    merged_at = models.DateTimeField(null=True)
    merged_from_state = models.CharField(max_length=20, blank=True)
    repeat_count = models.PositiveIntegerField(default=0)
    is_major = models.BooleanField(default=False)
    joint_people = models.PositiveIntegerField(null=True)
    joint_in_person = models.BooleanField(default=False)
    agreed_due_on = models.DateField(null=True)
    review_requested_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number

    @cached_property
    def known_promises(self) -> list[Redress]:
        """What the decision in force promised, line by line. Read once per instance; a locked row is a new one."""
        if self.decision_id is None or not self.has("promises"):
            return []
        rows = self.promises.filter(decision_id=self.decision_id).select_related("confirmed_by")
        return list(rows.order_by("seq"))

    @property
    def unkept_promises(self) -> list[Redress]:
        """Those that nobody confirmed yet. A superseded decision's promises bind nobody."""
        return [promise for promise in self.known_promises if promise.confirmed_at is None]

    @cached_property
    def known_attempts(self) -> list[Attempt]:
        """The failed attempts to tell the decision in force, oldest first. Read once per instance; a locked row is a new one."""
        if self.decision_id is None or not self.has("attempts"):
            return []
        return list(self.attempts.filter(decision_id=self.decision_id).order_by("at", "id"))

    @transition(field="state", source=State.RECEIVED, target=State.SUPPLEMENTING)
    def mark_supplement_asked(self) -> None:
        pass

    @transition(field="state", source=State.SUPPLEMENTING, target=State.RECEIVED)
    def mark_supplemented(self) -> None:
        pass

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
    def mark_notified(self, *, proof: Delivery) -> None:
        self.notice, self.notice_waiver, self.notified_at = proof, "", proof.sent_at

    @transition(field="state", source=State.DECIDED, target=State.NOTIFIED)
    def mark_notice_waived(self, *, waiver: str, at: datetime) -> None:
        self.notice, self.notice_waiver, self.notified_at = None, waiver, at

    @transition(field="state", source=State.NOTIFIED, target=State.CLOSED)
    def mark_closed(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[State.NOTIFIED, State.CLOSED], target=State.REVIEWING)
    def mark_review_requested(self, *, unit: Unit, at: datetime) -> None:
        self.reviewing_unit, self.review_requested_at, self.ended_at = unit, at, None

    @transition(field="state", source=State.REVIEWING, target=State.DECIDED)
    def mark_review_decided(self, *, decision: Decision, at: datetime) -> None:
        self.decision, self.decided_at = decision, at
        self.notice, self.notice_waiver, self.notified_at = None, "", None

    @transition(field="state", source=State.CLOSED, target=State.INVESTIGATING)
    def mark_reopened(self, *, at: datetime) -> None:
        self.reopened_at, self.ended_at = at, None
        self.decision, self.decided_at = None, None
        self.notice, self.notice_waiver, self.notified_at = None, "", None
        self.reviewing_unit, self.review_requested_at = None, None

    @transition(field="state", source=[State.RECEIVED, State.SUPPLEMENTING], target=State.DECLINED)
    def mark_declined(self, *, code: str, at: datetime) -> None:
        self.decline_code, self.declined_at = code, at

    @transition(field="state", source=[State.RECEIVED, State.INVESTIGATING], target=State.MERGED)
    def mark_merged(self, *, into: Case, at: datetime) -> None:
        self.merged_into, self.merged_at, self.merged_from_state, self.ended_at = into, at, self.state, at

    @transition(field="state", source=State.MERGED, target=RETURN_VALUE(State.RECEIVED, State.INVESTIGATING))
    def mark_unmerged(self) -> str:
        came_from = self.merged_from_state
        self.merged_into, self.merged_at, self.merged_from_state, self.ended_at = None, None, "", None
        return came_from

    @transition(
        field="state",
        source=[State.RECEIVED, State.SUPPLEMENTING, State.INVESTIGATING, State.DECIDING, State.DECIDED],
        target=State.WITHDRAWN,
    )
    def mark_withdrawn(self, *, at: datetime, manner: str) -> None:
        self.withdrawn_at, self.withdrawal_manner, self.ended_at = at, manner, at
