"""Keeping what the core lending system tells about loans and contract terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.base.money import from_cents
from jike.base.powers import no_power
from jike.ledger.plain import canonical
from jike.privacy import blind_index, mask_card
from lending.actions import register_person, register_salesperson
from lending.loans import rules
from lending.loans.documents import Document, RepaymentLine, read_document
from lending.loans.reading_back import told_of
from lending.models import (
    Disbursement,
    Fee,
    Funder,
    Instalment,
    Loan,
    LoanDocument,
    Merchant,
    Person,
    Repayment,
    RepaymentPart,
    Terms,
)
from lending.sealing import seal_document

IMPORT, TERMS = "lending.import_loan", "lending.register_terms"


@dataclass(frozen=True, slots=True)
class Imported:
    """The loan, and what the document did to it."""

    loan: Loan
    outcome: Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class _Parties:
    merchant: Merchant | None
    funder: Funder | None
    terms: Terms | None


@transaction.atomic
def import_loan(content: Any, *, actor: Actor, now: datetime) -> Imported:
    """Keep one document about one loan, of the shape of `documents.py`. The same document twice changes nothing.

    A loan is found by its external id. Later documents add repayments, fees and disbursements, settle what was under way and
    move the states; everything else stays as it was first told. Documents about one loan are taken one after the other.
    Raises Refused with every fault, contradiction and unknown party, and then nothing is kept.
    Source: house loan records.
    """
    refuse_if(no_power(actor, IMPORT), verb=IMPORT)
    document = read_document(content)
    parties, found = _parties_of(document)
    refuse_if([*found, *rules.blockers_in(document, now=now)], verb=IMPORT)
    content_hash = blind_index("loan_document", hashlib.sha256(canonical(content)).hexdigest())
    person = register_person(**_identity_of(document), actor=actor, now=now)
    loan, is_new = _locked(document, person, parties)
    if LoanDocument.objects.filter(loan=loan, content_hash=content_hash).exists():
        return Imported(loan, "unchanged")
    if not is_new:
        refuse_if(rules.blockers_beside(document, told_of(loan, person)), verb=IMPORT)
    _complete(loan, document, parties, now=now)
    _keep_schedule(loan, document)
    _keep_fees(loan, document)
    _keep_money(loan, document)
    row = LoanDocument(
        loan=loan, source=document.source, as_of_at=document.as_of_at, content_hash=content_hash,
        recorded_by=actor.id, recorded_at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    seal_document(row, now=now)
    return Imported(loan, "created" if is_new else "updated")


@transaction.atomic
def register_terms(
    *,
    code: str,
    effective_on: date,
    free_return: bool,
    first_loan_only: bool,
    silence_is_unserved: bool,
    text_sha256: str,
    actor: Actor,
    now: datetime,
) -> Terms:
    """Keep one version of the contract terms: what it promises about the return, and the hash of its text.

    The same twice is the same row. Raises Refused when the code is known with other content: a changed text is a new version.
    Source: house RET7.
    """
    refuse_if(no_power(actor, TERMS), verb=TERMS)
    said = {
        "effective_on": effective_on,
        "free_return": free_return,
        "first_loan_only": first_loan_only,
        "silence_is_unserved": silence_is_unserved,
        "text_sha256": text_sha256,
    }
    Terms.objects.bulk_create([Terms(code=code, registered_at=now, **said)], ignore_conflicts=True)
    terms = Terms.objects.get(code=code)
    if any(getattr(terms, name) != value for name, value in said.items()):
        message = _("These terms are registered with other content. A changed text is a new version.")
        refuse_if([Blocker("terms.contradicted", message, "house RET7", "code")], verb=TERMS)
    return terms


def _parties_of(document: Document) -> tuple[_Parties, list[Blocker]]:
    merchant = Merchant.objects.filter(uscc=document.merchant).first()
    funder = Funder.objects.filter(name=document.funder).first()
    terms = Terms.objects.filter(code=document.terms).first()
    wanted = (
        ("merchant", document.merchant, merchant),
        ("funder", document.funder, funder),
        ("terms", document.terms, terms),
    )
    unknown = [
        Blocker(f"{name}.unknown", format_lazy(_("“{name}” is not registered."), name=said), field=name)
        for name, said, row in wanted
        if said and row is None
    ]
    return _Parties(merchant, funder, terms), unknown


def _identity_of(document: Document) -> dict[str, str]:
    person = document.person
    return {"name": person.name, "phone": person.phone, "id_number": person.id_number}


def _locked(document: Document, person: Person, parties: _Parties) -> tuple[Loan, bool]:
    """The loan, locked, and whether this document made it. Two first documents at once: the later one finds the loan."""
    rows = Loan.objects.select_for_update(of=("self",))
    if known := rows.filter(number=document.external_id).first():
        return known, False
    try:
        with transaction.atomic():
            return _new(document, person, parties), True
    except IntegrityError:
        return rows.get(number=document.external_id), False


def _new(document: Document, person: Person, parties: _Parties) -> Loan:
    loan = Loan(
        id=uuid7(),
        number=document.external_id,
        person=person,
        merchant=parties.merchant,
        funder=parties.funder,
        principal_cny=from_cents(document.principal_cents),
        term_months=document.term_months,
        disbursed_at=document.credited[0].at,
    )
    loan.save(force_insert=True)
    return loan


def _complete(loan: Loan, document: Document, parties: _Parties, *, now: datetime) -> None:
    loan.state, loan.service_state, loan.served_bp = document.state, document.service_state, document.served_bp
    loan.contract_no, loan.signed_at, loan.terms = document.contract_no, document.signed_at, parties.terms
    loan.merchant = parties.merchant
    if any(document.salesperson):
        code, name = document.salesperson
        loan.salesperson = register_salesperson(merchant=parties.merchant, code=code, name=name, now=now)
    loan.save(
        update_fields=[
            "state", "service_state", "served_bp", "contract_no", "signed_at", "terms", "merchant", "salesperson",
        ]
    )  # fmt: skip


def _keep_schedule(loan: Loan, document: Document) -> None:
    if loan.instalments.exists():
        return
    Instalment.objects.bulk_create(
        Instalment(
            loan=loan,
            number=line.number,
            due_on=line.due_on,
            principal_cents=line.principal_cents,
            interest_cents=line.interest_cents,
            fees_cents=line.fees_cents,
        )
        for line in document.instalments
    )


def _keep_fees(loan: Loan, document: Document) -> None:
    known = {fee.external_id: fee for fee in loan.fees.all()}
    for line in document.fees:
        fee = known.get(line.external_id)
        if fee is None:
            values = {name: getattr(line, name) for name in line.__slots__}
            Fee(loan=loan, **values | {"by_instalment": list(line.by_instalment)}).save(force_insert=True)
        elif fee.paid_at != line.paid_at:
            fee.paid_at = line.paid_at
            fee.save(update_fields=["paid_at"])


def _keep_money(loan: Loan, document: Document) -> None:
    known = set(loan.disbursements.values_list("external_id", flat=True))
    for line in document.disbursements:
        if line.external_id not in known:
            values = {name: getattr(line, name) for name in line.__slots__}
            masks = {
                "payer_account_mask": mask_card(line.payer_account),
                "receiver_account_mask": mask_card(line.receiver_account),
            }
            Disbursement(id=uuid7(), loan=loan, person_id=loan.person_id, **values, **masks).save(force_insert=True)
    repaid = {one.external_id: one for one in loan.repayments.all()}
    for one in document.repayments:
        row = repaid.get(one.external_id)
        if row is None:
            _keep_repayment(loan, one)
        elif row.status != one.status:
            row.status = one.status
            row.save(update_fields=["status"])


def _keep_repayment(loan: Loan, line: RepaymentLine) -> None:
    row = Repayment(
        id=uuid7(),
        loan=loan,
        person_id=loan.person_id,
        external_id=line.external_id,
        paid_at=line.paid_at,
        amount_cents=line.amount_cents,
        status=line.status,
        account=line.account,
        account_mask=mask_card(line.account),
    )
    row.save(force_insert=True)
    RepaymentPart.objects.bulk_create(
        RepaymentPart(repayment=row, kind=part.kind, receiver=part.receiver, amount_cents=part.amount_cents)
        for part in line.parts
    )
