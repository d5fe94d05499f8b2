"""What is kept of a loan, read back in the shape in which it was told."""

from __future__ import annotations

from jike.base.money import to_cents
from jike.privacy import open_sealed
from lending.loans.documents import (
    NOBODY,
    Borrower,
    DisbursementLine,
    Document,
    FeeLine,
    InstalmentLine,
    PartLine,
    RepaymentLine,
)
from lending.loans.rules import Told
from lending.models import Fee, Loan, Person, Repayment

_NOBODY = Borrower("", "", "")


def told_of(loan: Loan, person: Person) -> Told:
    """Everything told of `loan` so far, for comparing with a document about `person`. Accounts are opened: machines only."""
    newest = loan.documents.order_by("-as_of_at").first()
    return Told(document_of(loan), loan.disbursed_at, loan.person_id == person.pk, newest.as_of_at if newest else None)


def document_of(loan: Loan) -> Document:
    """The rows of `loan` as one document, without the borrower. Lines are in no certain order."""
    return Document(
        source="",
        external_id=loan.number,
        as_of_at=loan.disbursed_at,
        person=_NOBODY,
        merchant=loan.merchant.uscc if loan.merchant else "",
        salesperson=NOBODY,
        funder=loan.funder.name,
        contract_no=loan.contract_no,
        signed_at=loan.signed_at,
        terms=loan.terms.code if loan.terms else "",
        principal_cents=to_cents(loan.principal_cny),
        term_months=loan.term_months,
        state=loan.state,
        service_state=loan.service_state,
        served_bp=loan.served_bp,
        instalments=tuple(
            InstalmentLine(one.number, one.due_on, one.principal_cents, one.interest_cents, one.fees_cents)
            for one in loan.instalments.order_by("number")
        ),
        fees=tuple(_fee(one) for one in loan.fees.all()),
        disbursements=tuple(
            DisbursementLine(
                one.external_id,
                one.at,
                one.amount_cents,
                one.status,
                one.payer,
                open_sealed(one, "payer_account"),
                one.receiver,
                open_sealed(one, "receiver_account"),
            )
            for one in loan.disbursements.all()
        ),
        repayments=tuple(_repayment(one) for one in loan.repayments.prefetch_related("parts")),
    )


def _fee(fee: Fee) -> FeeLine:
    return FeeLine(
        fee.external_id,
        fee.kind,
        fee.payer,
        fee.receiver,
        fee.receiver_name,
        fee.amount_cents,
        tuple(fee.by_instalment),
        fee.is_contingent,
        fee.method,
        fee.standard,
        fee.paid_at,
    )


def _repayment(row: Repayment) -> RepaymentLine:
    return RepaymentLine(
        row.external_id,
        row.paid_at,
        row.amount_cents,
        row.status,
        open_sealed(row, "account"),
        tuple(sorted(PartLine(part.kind, part.receiver, part.amount_cents) for part in row.parts.all())),
    )
