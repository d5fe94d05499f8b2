"""The return: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.functional import cached_property
from django_fsm import transition

from cases.models import Case
from jike.privacy.fields import EncryptedTextField
from refunds.records import JournalLine, Leg, Screening
from refunds.states import DONE, NO_MONEY, Basis, LegKind, LegState, Served, State

__all__ = ["JournalLine", "Leg", "Refund", "Screening"]


class Refund(Case):
    """A request to return `loan` for nothing. `received_at` is when the consumer first asked, in any channel, whenever it was registered.

    `merchant_asked_at` is when the merchant was asked whether it served, `merchant_says` the answer; `merchant_record` names the
    signed service record. `hold_code` is the fraud flag. `refusal_code` and `refusal` say why not. `released` says that people
    have decided to pay: the database wants their vote. `to_consumer_cents` is what is paid to the consumer in money
    as it was decided; a debit that never came is not paid back, see `paid_cents`.
    """

    consumer_says = models.CharField(max_length=8, choices=Served, blank=True, default="")
    request_evidence = EncryptedTextField(blank=True)
    merchant_asked_at = models.DateTimeField(null=True)
    merchant_says = models.CharField(max_length=8, choices=Served, blank=True, default="")
    merchant_served_bp = models.PositiveSmallIntegerField(null=True)
    merchant_record = EncryptedTextField(blank=True)
    merchant_answered_at = models.DateTimeField(null=True)
    hold_code = models.CharField(max_length=40, blank=True)
    released = models.BooleanField(default=False)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal = EncryptedTextField(blank=True)
    refused_at = models.DateTimeField(null=True)
    is_goodwill = models.BooleanField(default=False)
    basis = models.CharField(max_length=10, choices=Basis, blank=True, default="")
    served_bp = models.PositiveSmallIntegerField(null=True)
    to_consumer_cents = models.BigIntegerField(null=True)
    reversed_at = models.DateTimeField(null=True)
    stuck_code = models.CharField(max_length=40, blank=True)
    corrected_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number

    @cached_property
    def known_legs(self) -> list[Leg]:
        """Every leg with its order, in order. Read once per instance; a locked row is a new one."""
        return list(self.legs.select_related("order").order_by("seq"))

    @cached_property
    def known_screenings(self) -> list[Screening]:
        return list(self.screenings.order_by("seq"))

    @property
    def screening(self) -> Screening | None:
        """The latest one."""
        return self.known_screenings[-1] if self.known_screenings else None

    @property
    def money_legs(self) -> list[Leg]:
        """What undoes the loan: without the stop, its lifting, and the credit record."""
        return [leg for leg in self.known_legs if leg.kind not in NO_MONEY]

    @property
    def credit_leg(self) -> Leg | None:
        return next((leg for leg in self.known_legs if leg.kind == LegKind.CREDIT), None)

    @property
    def is_settled(self) -> bool:
        """Whether every leg of money is confirmed, or was not needed."""
        return bool(self.money_legs) and all(leg.state in DONE for leg in self.money_legs)

    @property
    def failed_legs(self) -> list[Leg]:
        return [leg for leg in self.known_legs if leg.state == LegState.FAILED]

    def is_superseded(self, leg: Leg) -> bool:
        """Whether a stop was lifted, or its lifting followed by another stop: what was ordered then is not wanted any more."""
        opposite = {LegKind.SUPPRESS: LegKind.RELEASE, LegKind.RELEASE: LegKind.SUPPRESS}.get(LegKind(leg.kind))
        return any(one.kind == opposite and one.seq > leg.seq for one in self.known_legs)

    @property
    def paid_cents(self) -> int:
        """What goes back to the consumer in money, without what turned out not to be needed."""
        legs = (leg for leg in self.money_legs if leg.is_to_consumer and leg.state != LegState.VOID)
        return sum(leg.cents for leg in legs)

    @transition(field="state", source=State.REQUESTED, target=State.SCREENING)
    def mark_screening(self) -> None:
        pass

    @transition(field="state", source=[State.SCREENING, State.DISPUTED], target=State.ELIGIBLE)
    def mark_eligible(self) -> None:
        pass

    @transition(field="state", source=[State.DISPUTED, State.HELD], target=State.ELIGIBLE)
    def mark_granted(self) -> None:
        pass

    @transition(field="state", source=State.SCREENING, target=State.DISPUTED)
    def mark_disputed(self) -> None:
        pass

    @transition(field="state", source=[State.SCREENING, State.DISPUTED], target=State.HELD)
    def mark_flagged(self, *, code: str) -> None:
        self.hold_code = code

    @transition(field="state", source=[State.SCREENING, State.ELIGIBLE, State.DISPUTED], target=State.HELD)
    def mark_held(self, *, code: str) -> None:
        self.hold_code, self.released, self.served_bp = code, False, None

    @transition(field="state", source=[State.SCREENING, State.DISPUTED], target=State.REFUSED)
    def mark_unentitled(self, *, code: str, at: datetime) -> None:
        self.refusal_code, self.refused_at, self.ended_at = code, at, at

    @transition(field="state", source=[State.ELIGIBLE, State.DISPUTED, State.HELD], target=State.REFUSED)
    def mark_refused(self, *, code: str, at: datetime) -> None:
        self.refusal_code, self.refused_at, self.ended_at = code, at, at

    @transition(field="state", source=State.REFUSED, target=State.GOODWILL)
    def mark_goodwill(self) -> None:
        self.is_goodwill, self.released, self.ended_at = True, True, None

    @transition(field="state", source=[State.ELIGIBLE, State.GOODWILL], target=State.REVERSING)
    def mark_reversing(self, *, basis: str, to_consumer_cents: int, at: datetime) -> None:
        self.basis, self.to_consumer_cents, self.reversed_at = basis, to_consumer_cents, at

    @transition(field="state", source=[State.REVERSING, State.STUCK], target=State.STUCK)
    def mark_stuck(self, *, code: str) -> None:
        self.stuck_code = code

    @transition(field="state", source=State.STUCK, target=State.REVERSING)
    def mark_resumed(self) -> None:
        self.stuck_code = ""

    @transition(field="state", source=State.REVERSING, target=State.CORRECTING)
    def mark_correcting(self) -> None:
        pass

    @transition(field="state", source=State.CORRECTING, target=State.COMPLETED)
    def mark_completed(self, *, at: datetime) -> None:
        self.corrected_at, self.ended_at = at, at
