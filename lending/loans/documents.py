"""The document in which the core lending system tells a loan: its shape, read and checked. Pure.

    {source, external_id, as_of, person: {name, phone, id_number?}, merchant?: USCC,
     salesperson?: {code?, name?}, funder: name, contract_no?, signed_at?,
     terms?: code, principal_cents, term_months, state, service?: {state, served_bp?},
     instalments: [{number, due_on, principal_cents, interest_cents, fees_cents}],
     fees: [{external_id, kind, payer, receiver, receiver_name?, amount_cents, by_instalment?, is_contingent?, method?, standard?, paid_at?}],
     disbursements: [{external_id, at, amount_cents, status, payer, payer_account?, receiver, receiver_account?}],
     repayments: [{external_id, paid_at, amount_cents, status, account?, parts: [{kind, receiver, amount_cents}]}]}

Moments are ISO with offset, days ISO in Shanghai, amounts whole cents of CNY, proportions hundredths of a percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike.base.errors import refuse_if
from jike.privacy import normalise_id_number, normalise_phone
from lending.loans.models import COSTS, Disbursement, Kind, Repayment, Role
from lending.loans.reading import Reader

WHOLE_BP = 10_000
NOBODY = ("", "")
MONTHS = 600
STATES = ("active", "overdue", "settled", "cancelled")
SERVICES = ("unknown", "none", "partly", "served")


@dataclass(frozen=True, slots=True)
class InstalmentLine:
    number: int
    due_on: date
    principal_cents: int
    interest_cents: int
    fees_cents: int


@dataclass(frozen=True, slots=True)
class FeeLine:
    external_id: str
    kind: str
    payer: str
    receiver: str
    receiver_name: str
    amount_cents: int
    by_instalment: tuple[int, ...]
    is_contingent: bool
    method: str
    standard: str
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisbursementLine:
    external_id: str
    at: datetime
    amount_cents: int
    status: str
    payer: str
    payer_account: str
    receiver: str
    receiver_account: str


@dataclass(frozen=True, slots=True, order=True)
class PartLine:
    kind: str
    receiver: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class RepaymentLine:
    external_id: str
    paid_at: datetime
    amount_cents: int
    status: str
    account: str
    parts: tuple[PartLine, ...]


@dataclass(frozen=True, slots=True)
class Borrower:
    name: str
    phone: str
    id_number: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything one document says. `salesperson` is code and name, either may be empty. `served_bp` is None where the proportion of the service is not told."""

    source: str
    external_id: str
    as_of_at: datetime
    person: Borrower
    merchant: str
    salesperson: tuple[str, str]
    funder: str
    contract_no: str
    signed_at: datetime | None
    terms: str
    principal_cents: int
    term_months: int
    state: str
    service_state: str
    served_bp: int | None
    instalments: tuple[InstalmentLine, ...]
    fees: tuple[FeeLine, ...]
    disbursements: tuple[DisbursementLine, ...]
    repayments: tuple[RepaymentLine, ...]

    @property
    def credited(self) -> list[DisbursementLine]:
        """The disbursements that arrived, in order of time."""
        arrived = [one for one in self.disbursements if one.status == Disbursement.Status.CREDITED]
        return sorted(arrived, key=lambda one: one.at)


def read_document(content: Any) -> Document:
    """The document in `content`. Raises Refused with one `document.malformed` per fault, each naming its field."""
    reader = Reader(content)
    if not isinstance(content, dict):
        reader.fault("", _("Give an object."))
    state, served_bp = reader.one("service", _service) if reader.has("service") else ("unknown", None)
    found = Document(
        source=reader.text("source"),
        external_id=reader.text("external_id"),
        as_of_at=reader.moment("as_of"),
        person=reader.one("person", _borrower),
        merchant=reader.text("merchant", optional=True),
        salesperson=reader.one("salesperson", _salesperson) if reader.has("salesperson") else NOBODY,
        funder=reader.text("funder"),
        contract_no=reader.text("contract_no", optional=True),
        signed_at=reader.moment_or_none("signed_at"),
        terms=reader.text("terms", optional=True),
        principal_cents=reader.whole("principal_cents", least=1),
        term_months=reader.whole("term_months", least=1, most=MONTHS),
        state=reader.choice("state", STATES),
        service_state=state,
        served_bp=served_bp,
        instalments=reader.rows("instalments", _instalment),
        fees=reader.rows("fees", _fee),
        disbursements=reader.rows("disbursements", _disbursement),
        repayments=reader.rows("repayments", _repayment),
    )
    reader.end()
    refuse_if(reader.faults, verb="lending.import_loan")
    return found


def _service(reader: Reader) -> tuple[str, int | None]:
    return reader.choice("state", SERVICES), reader.whole_or_none("served_bp", most=WHOLE_BP)


def _salesperson(reader: Reader) -> tuple[str, str]:
    code, name = reader.text("code", optional=True), reader.text("name", optional=True)
    if not (code or name):
        reader.fault("code", _("Give the salesperson’s code or name."))
    return code, name


def _borrower(reader: Reader) -> Borrower:
    phone, id_number = reader.text("phone"), reader.text("id_number", optional=True)
    for name, value, normal in (("phone", phone, normalise_phone), ("id_number", id_number, normalise_id_number)):
        try:
            normal(value) if value else None
        except ValueError:
            reader.fault(name, _("This number cannot exist. Check the digits."))
    return Borrower(reader.text("name"), phone, id_number)


def _instalment(reader: Reader) -> InstalmentLine:
    return InstalmentLine(
        reader.whole("number", least=1, most=MONTHS),
        reader.day("due_on"),
        reader.whole("principal_cents"),
        reader.whole("interest_cents"),
        reader.whole("fees_cents"),
    )


def _fee(reader: Reader) -> FeeLine:
    return FeeLine(
        reader.text("external_id"),
        reader.choice("kind", set(Kind.values) - {Kind.PRINCIPAL, Kind.INTEREST}),
        reader.choice("payer", Role.values),
        reader.choice("receiver", Role.values),
        reader.text("receiver_name", optional=True),
        reader.whole("amount_cents"),
        reader.wholes("by_instalment"),
        reader.flag("is_contingent"),
        reader.text("method", optional=True),
        reader.text("standard", optional=True),
        reader.moment_or_none("paid_at"),
    )


def _disbursement(reader: Reader) -> DisbursementLine:
    return DisbursementLine(
        reader.text("external_id"),
        reader.moment("at"),
        reader.whole("amount_cents", least=1),
        reader.choice("status", Disbursement.Status.values),
        reader.choice("payer", (Role.FUNDER, Role.PLATFORM)),
        reader.text("payer_account", optional=True),
        reader.choice("receiver", (Role.MERCHANT, Role.CONSUMER)),
        reader.text("receiver_account", optional=True),
    )


def _repayment(reader: Reader) -> RepaymentLine:
    return RepaymentLine(
        reader.text("external_id"),
        reader.moment("paid_at"),
        reader.whole("amount_cents", least=1),
        reader.choice("status", Repayment.Status.values),
        reader.text("account", optional=True),
        tuple(sorted(reader.rows("parts", _part))),
    )


def _part(reader: Reader) -> PartLine:
    return PartLine(
        reader.choice("kind", (Kind.PRINCIPAL, *COSTS)),
        reader.choice("receiver", set(Role.values) - {Role.CONSUMER}),
        reader.whole("amount_cents", least=1),
    )
