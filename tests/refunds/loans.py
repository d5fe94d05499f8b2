"""Loans as documents tell them, made without a database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from jike.base.dates import CST
from lending.loans.documents import (
    Borrower,
    DisbursementLine,
    Document,
    FeeLine,
    InstalmentLine,
    PartLine,
    RepaymentLine,
)

NUMBER = "JK-1"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CST)


CREDITED, ASKED = at("2026-11-16T15:20"), at("2026-11-20T10:00")


def sent(
    external_id: str,
    cents: int,
    *,
    when: str = "2026-11-16T15:20",
    status: str = "credited",
    payer: str = "funder",
    to: str = "merchant",
) -> DisbursementLine:
    return DisbursementLine(external_id, at(when), cents, status, payer, "", to, "")


def paid(
    external_id: str, *parts: tuple[str, str, int], status: str = "paid", when: str = "2026-11-17T09:00"
) -> RepaymentLine:
    lines = tuple(PartLine(*part) for part in parts)
    return RepaymentLine(external_id, at(when), sum(line.amount_cents for line in lines), status, "", lines)


def fee(
    external_id: str, kind: str, cents: int, payer: str, receiver: str, *, when: str | None = "2026-11-16T16:00"
) -> FeeLine:
    return FeeLine(external_id, kind, payer, receiver, "", cents, (), False, "", "", at(when) if when else None)


def loan(
    principal: int = 1_200_000,
    *,
    fees: list[FeeLine] | None = None,
    disbursements: list[DisbursementLine] | None = None,
    repayments: list[RepaymentLine] | None = None,
    **other: Any,
) -> Document:
    """Repaid in twelve parts; paid out in one sum to the merchant unless told otherwise."""
    part = principal // 12
    parts = [part] * 11 + [principal - 11 * part]
    months = [date(2026, 12, 16), *(date(2027, month, 16) for month in range(1, 12))]
    values = {
        "source": "core",
        "external_id": NUMBER,
        "as_of_at": ASKED,
        "person": Borrower("张小明", "13800138000", ""),
        "merchant": "X",
        "salesperson": ("", ""),
        "funder": "甲",
        "contract_no": "HT-1",
        "signed_at": CREDITED,
        "terms": "T",
        "principal_cents": principal,
        "term_months": 12,
        "state": "active",
        "service_state": "none",
        "served_bp": None,
        "instalments": tuple(
            InstalmentLine(n, day, cents, 0, 0) for n, (day, cents) in enumerate(zip(months, parts, strict=True), 1)
        ),
        "fees": tuple(fees or ()),
        "disbursements": tuple([sent("D-1", principal)] if disbursements is None else disbursements),
        "repayments": tuple(repayments or ()),
    }
    return Document(**values | other)
