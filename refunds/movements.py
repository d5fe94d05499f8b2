"""Money that moved because of a loan, told by its document: who paid whom, how much, for what. Pure.

Source: house return money.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lending.loans.documents import Document
from lending.loans.models import COSTS, Kind, Repayment, Role

Unit = Literal["cash", "coupon", "limit"]
LIMIT = "limit"
CASH: Unit = "cash"


@dataclass(frozen=True, slots=True)
class Movement:
    """`cents` went from `payer` to `receiver` for `kind`, as `ref` of the document tells: `repayment:R-1`.

    In money, by coupon, or as part of the credit limit, which a loan takes up. `awaited`: a debit under way that may still come.
    """

    ref: str
    kind: str
    payer: str
    receiver: str
    cents: int
    unit: Unit = CASH
    awaited: bool = False

    @property
    def is_cost(self) -> bool:
        """Whether the consumer paid it as a cost of the loan."""
        return self.payer == Role.CONSUMER and self.kind in COSTS


def movements_of(document: Document, *, at: datetime) -> tuple[Movement, ...]:
    """Everything that had moved by `at`, and the debits under way then. What failed or was not yet paid is not there."""
    return (*_disbursed(document, at), *_paid_directly(document, at), *_repaid(document, at))


def _disbursed(document: Document, at: datetime) -> Iterator[Movement]:
    for one in document.credited:
        if one.at <= at:
            ref = f"disbursement:{one.external_id}"
            yield Movement(ref, Kind.PRINCIPAL, one.payer, one.receiver, one.amount_cents)
            yield Movement(ref, LIMIT, Role.CONSUMER, one.payer, one.amount_cents, "limit")


def _paid_directly(document: Document, at: datetime) -> Iterator[Movement]:
    for fee in document.fees:
        if fee.amount_cents and fee.paid_at and fee.paid_at <= at:
            unit: Unit = "coupon" if fee.kind == Kind.COUPON else CASH
            yield Movement(f"fee:{fee.external_id}", fee.kind, fee.payer, fee.receiver, fee.amount_cents, unit)


def _repaid(document: Document, at: datetime) -> Iterator[Movement]:
    for one in document.repayments:
        under_way = one.status == Repayment.Status.UNDER_WAY
        if one.status != Repayment.Status.FAILED and one.paid_at <= at:
            ref = f"repayment:{one.external_id}"
            for part in one.parts:
                yield Movement(ref, part.kind, Role.CONSUMER, part.receiver, part.amount_cents, awaited=under_way)
