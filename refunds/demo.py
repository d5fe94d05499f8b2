"""Returns of the demo: loans as the core system tells them, and returns that walk the real actions, with a pretended core system beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from cases.demo.story import also, moment
from cases.models import Case
from jike.accounts.models import User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.dates import cst_date, pinned
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from lending.cost import offers
from lending.cost.form import plan_of
from lending.loans.actions import import_loan, register_terms
from lending.loans.reading_back import document_of
from lending.management.commands.fake_core import BOOK
from lending.models import Loan, Merchant, Terms
from lending.orders.fake import FakeLending
from refunds import actions
from refunds.models import Refund

TERMS = "DEMO-2026-08"
HANDLER = "zhangmin"
OURS = r"^(refunds|lending)\."
MINUTE = timedelta(minutes=1)


def rows() -> list[dict[str, Any]]:
    return list(yaml.safe_load((Path(__file__).parent / "demo.yaml").read_text(encoding="utf-8")))


def cases() -> list[Case]:
    """The returns of the story, in its order."""
    numbers = [row["loan"] for row in rows() if "asked" in row]
    found = {
        case.loan.number: case
        for case in Refund.objects.filter(loan__number__in=numbers).select_related("loan", "consumer")
        if case.loan
    }
    return [found[number] for number in numbers if number in found]


def tell(now: datetime) -> None:
    """Make every loan and return that is not there yet."""
    missing = [row for row in rows() if not Loan.objects.filter(number=row["loan"]).exists()]
    if not missing:
        return
    _ensure_terms(now)
    with _pretended_core() as core:
        for row in missing:
            _tell(row, core, now)


@contextmanager
def _pretended_core() -> Iterator[FakeLending]:
    """A core system of its own while the story is told."""
    before = settings.LENDING_URL
    with FakeLending(kept=settings.HOME.path / BOOK if settings.DEMO else None) as core:
        settings.LENDING_URL = core.url
        try:
            yield core
        finally:
            settings.LENDING_URL = before


def _ensure_terms(now: datetime) -> None:
    if not Terms.objects.filter(code=TERMS).exists():
        register_terms(
            code=TERMS,
            effective_on=date(2026, 8, 1),
            free_return=True,
            first_loan_only=False,
            silence_is_unserved=True,
            text_sha256="0" * 64,
            actor=machine_actor("importer"),
            now=now,
        )


def _tell(row: dict[str, Any], core: FakeLending, now: datetime) -> None:
    disbursed = moment(row["disbursed"], now)
    told_at = disbursed + timedelta(hours=20)
    with pinned(min(told_at, now)):
        loan = import_loan(
            _document(row, disbursed, told_at=min(told_at, now)), actor=machine_actor("importer"), now=min(told_at, now)
        ).loan
    if row.get("form"):
        _confirm_costs(row, loan)
    if "asked" not in row:
        return
    at = moment(row["asked"], now)
    if "fault" in row:
        core.fail("ok", row["fault"])
    with pinned(at):
        case = actions.request_return(
            actor=consumer_actor(loan.person_id), now=at, key=f"demo:{row['loan']}", loan=loan
        )
    at = _work(case, core, at)
    for act in row["then"]:
        with suppress(Refused), pinned(at):
            _act(act, case, at)
        at = _work(case, core, at + MINUTE)


def _confirm_costs(row: dict[str, Any], loan: Loan) -> None:
    """The borrower read and confirmed what the loan costs, before signing it."""
    assert loan.signed_at is not None
    plan = offers.content_of(plan_of(document_of(loan)))
    content = {"application": loan.contract_no, "person": {"name": row["name"], "phone": row["phone"]}, **_said(plan)}
    at, actor = loan.signed_at - 3 * MINUTE, consumer_actor(loan.person_id)
    with pinned(at):
        offer, _token = offers.offer_form(content, actor=machine_actor("importer"), now=at)
        offers.show_form(offer, actor=actor, now=at + MINUTE)
        offers.confirm_form(offer, actor=actor, now=at + MINUTE + timedelta(seconds=41))


def _said(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan in the words of whoever asks for a form: what is empty is not said."""
    lines = {name: [{k: v for k, v in row.items() if v} for row in plan[name]] for name in ("charges", "contingent")}
    return {"principal": plan["principal"], **lines}


def _act(act: str, case: Refund, at: datetime) -> None:
    handler = actor_of(User.objects.get(username=HANDLER))
    row = Refund.objects.get(pk=case.pk)
    if act == "claim":
        actions.claim_return(row, actor=handler, now=at)
    elif act == "propose":
        reason = "已核对合同、放款与门店记录：未开工，未提供服务，符合条款。"
        actions.propose(row, actor=handler, now=at, outcome="return", reason=reason)
    elif act == "by_hand":
        for leg in row.known_legs:
            if leg.by_hand and leg.state == "waiting":
                actions.confirm_leg(row, actor=handler, now=at, leg=leg, evidence="内部结算单已核对，结清。")


def _work(case: Refund, core: FakeLending, at: datetime) -> datetime:
    """Do what the outbox holds of this case and of the core system, in this process, minute after minute."""
    for _n in range(14):
        at += timedelta(seconds=20)
        core.clock = partial(_same, at)
        with pinned(at):
            due = Job.objects.filter(state=Job.State.READY, due_at__lte=at)
            ours = due.filter(topic__regex=OURS) | due.filter(subject=case.pk)
            run_jobs(list(ours.values_list("pk", flat=True)))
    return at


def _same(at: datetime) -> datetime:
    return at


def _document(row: dict[str, Any], disbursed: datetime, *, told_at: datetime) -> dict[str, Any]:
    """The loan as a document of the core system: twelve instalments, what was paid directly, one repayment."""
    principal, paid_at = row["principal"], (disbursed + timedelta(hours=3)).isoformat()
    return {
        "source": "demo",
        "external_id": row["loan"],
        "as_of": told_at.isoformat(),
        "person": {"name": row["name"], "phone": row["phone"]},
        "merchant": Merchant.objects.get(name=row["merchant"]).uscc,
        "funder": row["funder"],
        "contract_no": row["loan"].replace("-R-", "-C-"),
        "signed_at": (disbursed - timedelta(minutes=20)).isoformat(),
        "terms": TERMS,
        "principal_cents": principal,
        "term_months": 12,
        "state": "active",
        "service": {"state": row["service"]},
        "instalments": _instalments(principal, cst_date(disbursed)),
        "fees": _fees(row, paid_at),
        "disbursements": [
            {
                "external_id": "D-1", "at": disbursed.isoformat(), "amount_cents": principal, "status": "credited", "payer": "funder",
                "payer_account": "6217000010000000018", "receiver": "merchant", "receiver_account": "6217000010000000026",
            }
        ],
        "repayments": _repayments(row, paid_at),
    }  # fmt: skip


def _instalments(principal: int, first: date) -> list[dict[str, Any]]:
    part = principal // 12
    lines = [part] * 11 + [principal - 11 * part]
    return [
        {
            "number": n,
            "due_on": str(_month_later(first, n)),
            "principal_cents": cents,
            "interest_cents": 9_000,
            "fees_cents": 0,
        }
        for n, cents in enumerate(lines, start=1)
    ]


def _fees(row: dict[str, Any], paid_at: str) -> list[dict[str, Any]]:
    known = (
        ("coupon", "coupon", "consumer", "platform"),
        ("down", "down_payment", "consumer", "merchant"),
        ("insurance", "insurance", "consumer", "insurer"),
        ("commission", "commission", "merchant", "platform"),
    )
    return [
        {
            "external_id": f"F-{name}",
            "kind": kind,
            "payer": payer,
            "receiver": receiver,
            "amount_cents": row[name],
            "paid_at": paid_at,
        }
        for name, kind, payer, receiver in known
        if row.get(name)
    ]


def _repayments(row: dict[str, Any], paid_at: str) -> list[dict[str, Any]]:
    parts = [
        {"kind": kind, "receiver": "funder", "amount_cents": row[name]}
        for kind, name in (("principal", "repaid"), ("interest", "interest"))
        if row[name]
    ]
    if not parts:
        return []
    total = sum(one["amount_cents"] for one in parts)
    account = "6222020200000000017"
    return [
        {
            "external_id": "R-1",
            "paid_at": paid_at,
            "amount_cents": total,
            "status": "paid",
            "account": account,
            "parts": parts,
        }
    ]


def _month_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


also(tell, cases)
