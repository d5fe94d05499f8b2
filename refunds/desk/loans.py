"""What the page of a loan shows: parties, terms, schedule, money, service, and the last moment of its return. Everything masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Text
from jike.base.money import from_cents
from lending.cost.form import form_of, plan_of
from lending.cost.policy import policy_on
from lending.cost.rate import NoRate
from lending.loans.models import Kind, Role
from lending.loans.reading_back import document_of
from lending.models import Disclosure, Fee, Loan, Repayment
from lending.orders.stops import is_stopped
from refunds import queries
from refunds.desk.queries import cases_about, forms_of
from refunds.facts import OfLoan
from refunds.portal.pages import simulation_page
from refunds.rules.asking import blockers_to_return


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One fee: what it is for, how much, how and when it is paid."""

    what: Text
    payer: Text
    amount: Decimal
    how: str
    paid_at: datetime | None
    is_contingent: bool
    due: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """Everything one receiver gets because of the loan."""

    name: Text
    total: Decimal
    rows: tuple[FeeRow, ...]


def loan_page(loan: Loan, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """The whole page. The caller has the loan from a door."""
    of_loan = OfLoan(loan)
    offer = queries.offer_of(loan, now=now)
    return {
        "loan": loan,
        "offer": offer,
        "windows": of_loan.windows,
        "stopped": is_stopped(loan.pk),
        "instalments": [_instalment(row) for row in loan.instalments.order_by("number")],
        "receivers": fees_by_receiver(loan.fees.order_by("external_id")),
        "disbursements": [(row, from_cents(row.amount_cents)) for row in loan.disbursements.order_by("at")],
        "repayments": [_repayment(row) for row in loan.repayments.prefetch_related("parts").order_by("-paid_at")],
        "told": list(loan.documents.order_by("-as_of_at")[:20]),
        "forms": list(forms_of(loan)),
        "cases": list(cases_about(actor, loan)[:50]),
        "others": list(Loan.objects.filter(person=loan.person_id).exclude(pk=loan.pk).order_by("-disbursed_at")[:20]),
        "blockers": blockers_to_return(loan, actor),
    }


def take_in_page(loan: Loan, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """What staff read out before they write the request down: the very sums that the borrower sees in the portal."""
    return simulation_page(queries.offer_of(loan, now=now), now=now) | {"blockers": blockers_to_return(loan, actor)}


def costs_something_else(loan: Loan, row: Disclosure) -> bool:
    """Whether the loan on record does not cost what was confirmed. Source: NFRA2026-2."""
    policy = policy_on(cst_date(loan.signed_at or loan.disbursed_at))
    if policy is None:
        return False
    try:
        return form_of(plan_of(document_of(loan)), policy).content() != row.content
    except NoRate:
        return True


def fees_by_receiver(fees: Iterable[Fee]) -> list[Receiver]:
    """The fees grouped by who receives them, in the order of the roles."""
    found: dict[str, list[Fee]] = defaultdict(list)
    for fee in fees:
        found[fee.receiver].append(fee)
    order = {role: n for n, role in enumerate(Role.values)}
    return [
        Receiver(
            Role(receiver).label,
            from_cents(sum(fee.amount_cents for fee in rows)),
            tuple(_fee(fee) for fee in rows),
        )
        for receiver, rows in sorted(found.items(), key=lambda pair: order[pair[0]])
    ]


def _fee(fee: Fee) -> FeeRow:
    how = " · ".join(text for text in (fee.receiver_name, fee.method, fee.standard) if text)
    return FeeRow(
        Kind(fee.kind).label,
        Role(fee.payer).label,
        from_cents(fee.amount_cents),
        how,
        fee.paid_at,
        fee.is_contingent,
        len(fee.by_instalment),
    )


def _instalment(row: Any) -> dict[str, Any]:
    cents = row.principal_cents, row.interest_cents, row.fees_cents
    names = "principal", "interest", "fees"
    return {"row": row, "total": from_cents(sum(cents))} | dict(zip(names, map(from_cents, cents), strict=True))


def _repayment(row: Repayment) -> dict[str, Any]:
    parts = [
        (Kind(part.kind).label, Role(part.receiver).label, from_cents(part.amount_cents)) for part in row.parts.all()
    ]
    return {"row": row, "amount": from_cents(row.amount_cents), "parts": parts}
