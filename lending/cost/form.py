"""The cost disclosure form: every item annualised, the total by IRR, the cap. Pure: no database, no clock.

Source: NFRA2026-2, NFRA2025-9, house disclosure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date
from jike.base.errors import Blocker
from lending.cost.policy import Method, Policy, policy_on
from lending.cost.rate import annual_percent, monthly_rate, shown
from lending.loans.documents import Document
from lending.loans.models import COSTS, Kind, Role

SOURCE, CAP_SOURCE = "NFRA2026-2", "NFRA2025-9"


@dataclass(frozen=True, slots=True)
class Charge:
    """One item that is charged for the loan: `upfront` cents when the money comes, `monthly` cents with each instalment."""

    kind: str
    collector: str
    collector_name: str
    method: str
    standard: str
    upfront: int = 0
    monthly: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return self.upfront + sum(self.monthly)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a borrower is about to sign: cents of principal by instalment, what is charged, what a default would cost."""

    principal: tuple[int, ...]
    charges: tuple[Charge, ...]
    contingent: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the form. `annual_percent` is what the loan would cost a year if this were its only item."""

    charge: Charge
    annual_percent: Decimal


@dataclass(frozen=True, slots=True)
class Form:
    """The form. `annual_percent` is the total, to six places; `total_cents` everything paid beyond the principal in normal performance.

    The items are computed each by itself, so they do not add up to the total exactly; `method` says how and is printed.
    """

    plan: Plan
    policy: Policy
    principal_cents: int
    total_cents: int
    items: tuple[Item, ...]
    annual_percent: Decimal

    @property
    def method(self) -> Method:
        return self.policy.method

    @property
    def is_over_cap(self) -> bool:
        return self.annual_percent > self.policy.cap_percent

    def content(self) -> dict[str, Any]:
        """The form as plain content, for keeping and hashing: texts, cents, and percentages as printed."""
        return {
            "policy": self.policy.version,
            "method": self.method,
            "principal_cents": self.principal_cents,
            "instalments": list(self.plan.principal),
            "total_cents": self.total_cents,
            "annual_percent": str(shown(self.annual_percent)),
            "items": [
                _content(item.charge) | {"annual_percent": str(shown(item.annual_percent))} for item in self.items
            ],
            "contingent": [_content(charge) for charge in self.plan.contingent],
        }


def form_of(plan: Plan, policy: Policy) -> Form:
    """The form for a plan under a version of the rules. Raises NoRate when more is taken at the start than is lent."""
    total = sum(charge.total for charge in plan.charges)
    items = tuple(Item(charge, _rate(plan.principal, [charge], policy.method)) for charge in plan.charges)
    rate = _rate(plan.principal, plan.charges, policy.method)
    return Form(plan, policy, sum(plan.principal), total, items, rate)


def plan_of(document: Document) -> Plan:
    """What a document about a loan says the borrower was to pay."""
    fees = [fee for fee in document.fees if fee.payer == Role.CONSUMER and fee.kind in COSTS]
    interest = Charge(
        Kind.INTEREST,
        Role.FUNDER,
        document.funder,
        "",
        "",
        monthly=tuple(i.interest_cents for i in document.instalments),
    )
    charges = [
        Charge(
            fee.kind,
            fee.receiver,
            fee.receiver_name,
            fee.method,
            fee.standard,
            upfront=0 if fee.by_instalment else fee.amount_cents,
            monthly=fee.by_instalment,
        )
        for fee in fees
    ]
    normal = [charge for charge, fee in zip(charges, fees, strict=True) if not fee.is_contingent]
    contingent = [charge for charge, fee in zip(charges, fees, strict=True) if fee.is_contingent]
    return Plan(tuple(i.principal_cents for i in document.instalments), (interest, *normal), tuple(contingent))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A form the borrower confirmed: its content as kept, and when."""

    content: dict[str, Any]
    at: datetime


def blockers_to_disburse(plan: Plan, *, signed_at: datetime, confirmed: Confirmed | None) -> list[Blocker]:
    """Every reason why money may not leave for this plan, as far as its cost goes. None for what is older than the rules."""
    policy = policy_on(cst_date(signed_at))
    if policy is None:
        return []
    form = form_of(plan, policy)
    return [*blockers_to_offer(form), *(_unconfirmed(form, signed_at, confirmed) if policy.needs_form else [])]


def blockers_to_offer(form: Form) -> list[Blocker]:
    """Why nobody may be asked to sign this."""
    if not form.is_over_cap:
        return []
    message = format_lazy(
        _("The loan costs {percent} % a year, more than the cap of {cap} %."),
        percent=shown(form.annual_percent),
        cap=form.policy.cap_percent,
    )
    return [Blocker("cost.over_cap", message, CAP_SOURCE)]


def _unconfirmed(form: Form, signed_at: datetime, confirmed: Confirmed | None) -> list[Blocker]:
    if confirmed is None:
        return [Blocker("form.missing", _("The borrower has not confirmed the cost form."), SOURCE)]
    found = []
    if confirmed.at > signed_at:
        found.append(Blocker("form.late", _("The cost form was confirmed after the contract was signed."), SOURCE))
    if confirmed.content != form.content():
        message = _("The contract costs something else than the confirmed form says.")
        found.append(Blocker("form.differs", message, SOURCE))
    return found


def _rate(principal: Sequence[int], charges: Sequence[Charge], method: Method) -> Decimal:
    received = sum(principal) - sum(charge.upfront for charge in charges)
    payments = list(principal)
    for charge in charges:
        for month, cents in enumerate(charge.monthly):
            payments[month] += cents
    return annual_percent(monthly_rate(received, payments), method)


def _content(charge: Charge) -> dict[str, Any]:
    return {
        "kind": str(charge.kind),
        "collector": str(charge.collector),
        "collector_name": charge.collector_name,
        "method": charge.method,
        "standard": charge.standard,
        "upfront": charge.upfront,
        "monthly": list(charge.monthly),
    }
