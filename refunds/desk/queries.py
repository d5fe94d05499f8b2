"""Doors of the workbench to loans: found by number, contract or telephone by whoever takes requests in, masked."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, Recusal
from cases.queries import NotVisible, cases_listed_for
from jike.base.actors import Actor
from jike.privacy import blind_index, normalise_phone
from lending.models import Disclosure, Loan
from refunds.models import Refund

FIND = "lending.find_loan"
SHOWN = 50


def loans_for(actor: Actor) -> QuerySet[Loan]:
    """Every loan, for staff who take requests in; none about which the person behind `actor` is recused. Source: O2020-3 art 17."""
    if not actor.is_staff or not actor.can(FIND):
        return Loan.objects.none()
    barred = Recusal.objects.filter(Recusal.IN_FORCE, person=actor.person or uuid.UUID(int=0))
    loans = Loan.objects.select_related("person", "merchant", "funder", "terms", "salesperson")
    return loans.filter(
        ~Exists(barred.filter(case__loan=OuterRef("pk"))),
        ~Exists(barred.filter(case__consumer=OuterRef("person"))),
    )


def loans_found(actor: Actor, typed: str) -> list[Loan]:
    """The loans with this number or contract number, or of everybody registered under this telephone number, newest first."""
    text = typed.strip()
    if not text:
        return []
    wanted = Q(number__iexact=text) | Q(contract_no__iexact=text)
    try:
        wanted |= Q(person__phone_index=blind_index("phone", normalise_phone(text)))
    except ValueError:
        pass
    return list(loans_for(actor).filter(wanted).order_by("-disbursed_at", "-pk")[:SHOWN])


def loan_on_desk(actor: Actor, number: str) -> Loan:
    """One of them by its number. Raises `NotVisible`."""
    found = loans_for(actor).filter(number=number).first()
    if found is None:
        raise NotVisible(number)
    return found


def cases_about(actor: Actor, loan: Loan) -> QuerySet[Case]:
    """The cases about a loan that the actor may list, newest first."""
    return cases_listed_for(actor).filter(loan=loan).order_by("-registered_at")


def live_return(loan: Loan) -> Refund | None:
    """The return of the loan that goes on or was completed, if any."""
    return Refund.objects.filter(loan=loan).exclude(state="refused").first()


def forms_of(loan: Loan) -> QuerySet[Disclosure]:
    """The cost forms this borrower confirmed for the loan: under its contract number or its own."""
    known = [name for name in (loan.contract_no, loan.number) if name]
    return Disclosure.objects.filter(person=loan.person_id, application__in=known).order_by("application", "version")


def form_on_desk(actor: Actor, number: str, version: int) -> tuple[Loan, Disclosure]:
    """One confirmed cost form of a loan. Raises `NotVisible`."""
    loan = loan_on_desk(actor, number)
    row = forms_of(loan).filter(version=version).first()
    if row is None:
        raise NotVisible(str(version))
    return loan, row
