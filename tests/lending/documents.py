"""A loan document as the core lending system sends it: 12,000.00 over twelve instalments of 1,090.00, disbursed 2026-11-16."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from cases.starter import ensure_starter_data
from jike.accounts.roles import machine_actor
from jike.base.dates import CST
from lending.loans.actions import Imported, import_loan, register_terms
from lending.models import Funder, Merchant, Terms

IMPORTER = machine_actor("importer")
NUMBER = "JK2026111600000001"


def at(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text).replace(tzinfo=CST)


NOW = at("2026-11-20T10:00")


def terms(code: str = "T-2026-08", **other: object) -> Terms:
    said = {
        "effective_on": date(2026, 8, 1),
        "free_return": True,
        "first_loan_only": False,
        "silence_is_unserved": True,
        "text_sha256": "0" * 64,
    }
    return register_terms(code=code, actor=IMPORTER, now=NOW, **said | other)


def starter() -> None:
    """What a document names: terms, merchant and funder."""
    ensure_starter_data(NOW)
    terms()


def document(**changes: Any) -> dict[str, Any]:
    """The document, with fields replaced."""
    service = [3_000] + [2_000] * 10 + [3_000]
    content = {
        "source": "core",
        "external_id": NUMBER,
        "as_of": "2026-11-18T08:00:00+08:00",
        "person": {"name": "张小明", "phone": "13800138000"},
        "merchant": Merchant.objects.order_by("uscc")[0].uscc,
        "funder": Funder.objects.filter(speaks_for_platform=False).order_by("name")[0].name,
        "contract_no": "HT-1",
        "signed_at": "2026-11-16T15:00:00+08:00",
        "terms": "T-2026-08",
        "principal_cents": 1_200_000,
        "term_months": 12,
        "state": "active",
        "service": {"state": "none"},
        "instalments": [
            {"number": n, "due_on": str(due(n)), "principal_cents": 100_000, "interest_cents": 9_000 - fee, "fees_cents": fee}
            for n, fee in enumerate(service, start=1)
        ],
        "fees": [
            fee("F-1", "service", amount_cents=sum(service), by_instalment=service, method="每期收取", standard="见还款计划"),
            fee("F-2", "penalty", is_contingent=True, amount_cents=0, receiver="funder", standard="日利率 0.03%"),
            fee("F-3", "commission", payer="merchant", amount_cents=36_000, paid_at="2026-11-16T16:00:00+08:00"),
        ],
        "disbursements": [
            {
                "external_id": "D-1", "at": "2026-11-16T15:20:00+08:00", "amount_cents": 1_200_000, "status": "credited",
                "payer": "funder", "payer_account": "6217000010001234567", "receiver": "merchant",
                "receiver_account": "6217000010007654321",
            }
        ],
        "repayments": [repayment("R-1", 30_000)],
    }  # fmt: skip
    return copy.deepcopy(content) | changes


def due(number: int) -> date:
    month = 10 + number
    return date(2026 + month // 12, month % 12 + 1, 16)


def fee(external_id: str, kind: str, **other: Any) -> dict[str, Any]:
    return {"external_id": external_id, "kind": kind, "payer": "consumer", "receiver": "platform"} | other


def repayment(external_id: str, cents: int, kind: str = "principal", **other: Any) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "paid_at": "2026-11-17T09:00:00+08:00",
        "amount_cents": cents,
        "status": "paid",
        "account": "6222020200012345678",
        "parts": [{"kind": kind, "receiver": "funder", "amount_cents": cents}],
    } | other


def told(**changes: Any) -> Imported:
    """Import the document with these changes."""
    return import_loan(document(**changes), actor=IMPORTER, now=NOW)
