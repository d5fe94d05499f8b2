"""Doors to returns: whose loans may be returned, what a return would come to, and the books of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum

from cases.models import Document
from cases.queries import NotVisible, case_for, sight_of
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.money import from_cents
from lending.loans.models import COSTS, Role
from lending.models import Loan
from refunds.facts import OfLoan, basis_of, settlement_of
from refunds.models import Refund
from refunds.settling import Leg as PlainLeg

SHOWN_LOANS = 12
PROGRAM = "integration"


@dataclass(frozen=True, slots=True)
class Offer:
    """One loan as its borrower sees it: until when it may be returned, how long that is, and the return that goes on, if any."""

    loan: Loan
    last_moment: datetime | None
    left: timedelta
    known: Refund | None

    @property
    def is_open(self) -> bool:
        return self.last_moment is not None and self.left > timedelta(0)

    @property
    def days(self) -> int:
        return self.left.days

    @property
    def hours(self) -> int:
        return self.left.seconds // 3600

    @property
    def minutes(self) -> int:
        return self.left.seconds % 3600 // 60


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a return would come to now: to the consumer, between the others, what stays with the consumer as a cost, the sum of the books."""

    to_consumer: Sequence[PlainLeg]
    between_others: Sequence[PlainLeg]
    total: Decimal
    costs_paid: Decimal
    consumer_cost: Decimal
    from_consumer: Decimal


def return_for(actor: Actor, number: str) -> Refund:
    """The return with this number, for staff and its consumer. Raises `NotVisible`."""
    case = case_for(actor, number)
    if not isinstance(case, Refund):
        raise NotVisible(number)
    return case


def offers_for(actor: Actor, *, now: datetime) -> list[Offer]:
    """The loans of a consumer, newest first, each with what a return of it would mean. Nobody else has any."""
    return [offer_of(loan, now=now) for loan in _own_loans(actor).order_by("-disbursed_at")[:SHOWN_LOANS]]


def offer_for(actor: Actor, loan: str, *, now: datetime) -> Offer:
    """One of them by the loan's number. Raises `NotVisible`."""
    found = _own_loans(actor).filter(number=loan).first()
    if found is None:
        raise NotVisible(loan)
    return offer_of(found, now=now)


def _own_loans(actor: Actor) -> QuerySet[Loan]:
    loans = Loan.objects.select_related("merchant", "funder", "terms", "person")
    if actor.kind != "consumer" or actor.id is None:
        return loans.none()
    return loans.filter(person_id=actor.id)


def offer_of(loan: Loan, *, now: datetime) -> Offer:
    """Until when a loan may be returned, and the return that goes on. The caller has the loan from a door."""
    last = OfLoan(loan).last_moment
    left = max(timedelta(0), last + timedelta(seconds=1) - now) if last else timedelta(0)
    known = Refund.objects.filter(loan=loan).order_by("-registered_at").first()
    return Offer(loan, last, left, known)


def simulate(loan: Loan, *, at: datetime) -> Simulation:
    """Every leg and cent of a return of the whole loan, as it stands at `at`. The caller has the loan from a door."""
    document = OfLoan(loan).document
    settlement = settlement_of(document, basis_of(document), at=at)
    mine = [leg for leg in settlement.legs if (leg.receiver, leg.unit) == (Role.CONSUMER, "cash")]
    owed = [leg for leg in settlement.legs if (leg.payer, leg.unit) == (Role.CONSUMER, "cash")]
    return Simulation(
        to_consumer=mine,
        between_others=[leg for leg in settlement.legs if leg not in mine],
        total=from_cents(settlement.to_consumer_cents),
        costs_paid=from_cents(sum(one.cents for one in settlement.told if one.is_cost and not one.awaited)),
        consumer_cost=settlement.consumer_cost,
        from_consumer=from_cents(sum(leg.cents for leg in owed)),
    )


def consumer_cost(case: Refund) -> Decimal:
    """What the loan costs the consumer after everything in the stored journal, in yuan: 0.00 unless part of it was served."""
    lines = case.journal.filter(party=Role.CONSUMER, unit="cash")
    return from_cents(-(lines.aggregate(total=Sum("cents"))["total"] or 0))


def costs_told(case: Refund) -> Decimal:
    """Interest and fees that the consumer had paid when the return was booked."""
    lines = case.journal.filter(party=Role.CONSUMER, unit="cash", phase="told", kind__in=COSTS)
    return from_cents(-(lines.aggregate(total=Sum("cents"))["total"] or 0))


def certificate_of(case: Refund) -> Document | None:
    """The certificate, once it was made. The caller has the case from a door."""
    return Document.objects.filter(case_id=case.pk, kind=Document.Kind.CERTIFICATE).select_related("file").first()


def loan_to_return(actor: Actor, number: str) -> Loan:
    """The loan somebody asks to return by its number. People through the door above; the program that brings the loans in knows
    them all. Raises `NotVisible`.
    """
    is_program = actor.is_staff and User.objects.filter(pk=actor.user, roles__contains=[PROGRAM]).exists()
    if not is_program:
        return loan_for(actor, number)
    loan = Loan.objects.filter(number=number).first()
    if loan is None:
        raise NotVisible(number)
    return loan


def loan_for(actor: Actor, number: str) -> Loan:
    """A loan by its number: a consumer's own; for staff, of a case whose page they see in full. Raises `NotVisible`."""
    loan = Loan.objects.filter(number=number).select_related("merchant", "funder", "person", "terms").first()
    if loan is None:
        raise NotVisible(number)
    if actor.kind == "consumer" and loan.person_id == actor.id:
        return loan
    if actor.is_staff and any(sight_of(case, actor) == "full" for case in loan.cases.all()[:200]):
        return loan
    raise NotVisible(number)
