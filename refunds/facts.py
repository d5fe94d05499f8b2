"""What a return is judged by and what it comes to, read from what is on record. Reading only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from cases.models import Case
from jike import calendars
from jike.base.dates import CST
from jike.base.errors import Blocker
from lending.loans.documents import Document
from lending.loans.reading_back import document_of
from lending.models import Disbursement, Fee, Loan, Repayment
from refunds import proportion
from refunds.models import Refund
from refunds.policy import policy
from refunds.screening import Facts, Promise, Service, Verdict, screen
from refunds.settling import Settlement, convert, settle
from refunds.states import Basis, State
from refunds.window import Window, windows_of

FRAUD = ("fraud",)
"""Flags of a case about the loan that hold a return until a person has looked."""


@dataclass(frozen=True)
class OfLoan:
    """One loan, read once."""

    loan: Loan

    @cached_property
    def document(self) -> Document:
        return document_of(self.loan)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        return windows_of(self.document, calendar=calendars.current())

    @property
    def last_moment(self) -> datetime | None:
        """The last second in which anything of the loan may be returned; None where no money arrived."""
        return max((window.last_moment for window in self.windows), default=None)

    @cached_property
    def promise(self) -> Promise | None:
        terms = self.loan.terms
        return Promise(terms.free_return, terms.first_loan_only, terms.silence_is_unserved) if terms else None

    @cached_property
    def is_first(self) -> bool:
        return not Loan.objects.filter(person=self.loan.person_id, disbursed_at__lt=self.loan.disbursed_at).exists()

    @cached_property
    def returned_at(self) -> list[datetime]:
        """When this person returned other loans."""
        others = Refund.objects.filter(consumer=self.loan.person_id, state=State.COMPLETED).exclude(loan=self.loan)
        return list(others.values_list("received_at", flat=True))

    @property
    def flags(self) -> list[str]:
        about = Case.objects.filter(loan=self.loan).filter(Q(flags__overlap=list(FRAUD)), ended_at=None)
        return sorted({flag for flags in about.values_list("flags", flat=True) for flag in flags if flag in FRAUD})

    def facts(
        self, *, asked_at: datetime, service: Service, flags: Iterable[str] = (), registered_at: datetime | None = None
    ) -> Facts:
        return Facts(
            document=self.document,
            windows=self.windows,
            asked_at=asked_at,
            promise=self.promise,
            is_first_loan=self.is_first,
            service=service,
            returned_at=self.returned_at,
            flags=sorted({*self.flags, *flags}),
            registered_at=registered_at,
        )


def loan_of(case: Refund) -> Loan:
    """The loan of a return: there is always one, the database sees to it."""
    assert case.loan is not None
    return case.loan


def facts_of(case: Refund) -> Facts:
    """What this return is judged by now. A flag that people looked at and released holds no more."""
    service = Service(
        consumer_says=case.consumer_says,
        merchant_says=case.merchant_says,
        record="on file" if case.merchant_record else "",
        asked_at=case.merchant_asked_at,
    )
    return OfLoan(loan_of(case)).facts(asked_at=case.received_at, service=service, registered_at=case.registered_at)


def verdict_of(case: Refund, *, now: datetime) -> tuple[Facts, Verdict]:
    facts = facts_of(case)
    return facts, screen(facts, now=now)


def settlement_of(document: Document, basis: str, *, at: datetime, served_bp: int | None = None) -> Settlement:
    """What goes back on this ground, as the loan stood at `at`. Source: house return money, house partly served."""
    if basis == Basis.CONVERSION:
        return convert(document, at=at)
    whole = settle(document, at=at)
    if basis == Basis.PARTLY:
        return Settlement(whole.loan, at, whole.told, proportion.propose(document, served_bp or 0, at=at).legs)
    return whole


def basis_of(document: Document) -> str:
    """A loan that was settled early is converted: its costs go back, the service stays paid."""
    return Basis.CONVERSION.value if document.state == "settled" else Basis.FULL.value


def account_masks(loan: Loan) -> dict[str, str]:
    """The masked account of every payment that a leg may undo, by the name legs call it: `repayment:R-1`."""
    found = {
        f"repayment:{row.external_id}": row.account_mask
        for row in Repayment.objects.filter(loan=loan).only("external_id", "account_mask")
    }
    found |= {
        f"disbursement:{row.external_id}": row.receiver_account_mask
        for row in Disbursement.objects.filter(loan=loan).only("external_id", "receiver_account_mask")
    }
    return found | {f"fee:{row.external_id}": "" for row in Fee.objects.filter(loan=loan).only("external_id")}


def as_rows(blockers: Iterable[Blocker]) -> list[dict[str, str]]:
    """Reasons as they are kept: in the house's language, since letters quote them."""
    with override("zh-hans"):
        return [{"code": one.code, "message": str(one.message), "source": str(one.source)} for one in blockers]


def as_plain(facts: Facts) -> dict[str, Any]:
    """The facts of a screening as plain values, without anything of a person."""
    house = policy()
    return {
        "asked_at": _iso(facts.asked_at),
        "registered_at": _iso(facts.registered_at) if facts.registered_at else None,
        "windows": [
            {"drawdown": one.drawdown, "opens": _iso(one.opens_at), "last": _iso(one.last_moment), "provisional": one.provisional}
            for one in facts.windows
        ],
        "loan_state": facts.document.state,
        "service_told": facts.document.service_state,
        "consumer_says": facts.service.consumer_says,
        "merchant_says": facts.service.merchant_says,
        "merchant_asked_at": _iso(facts.service.asked_at) if facts.service.asked_at else None,
        "terms": facts.document.terms,
        "is_first_loan": facts.is_first_loan,
        "returned_before": len(facts.returned_at),
        "flags": list(facts.flags),
        "again_within_months": house.again_within_months,
    }  # fmt: skip


def _iso(at: datetime) -> str:
    return at.astimezone(CST).isoformat(timespec="seconds")
