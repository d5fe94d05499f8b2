"""Why a document about a loan cannot be true, by itself or beside what was told before. Pure: no database, no clock of its own.

Source: house loan records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date
from jike.base.errors import Blocker, Text
from lending.loans.documents import WHOLE_BP, Document, FeeLine, RepaymentLine
from lending.loans.models import Kind, Repayment, Role

SOURCE = "house loan records"
FIXED = ("principal_cents", "term_months", "contract_no", "signed_at", "terms", "merchant", "funder")


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of a loan already: the same fields as a document's, and the moment of the newest document."""

    document: Document
    disbursed_at: datetime
    same_person: bool
    as_of_at: datetime | None


def blockers_in(document: Document, *, now: datetime) -> list[Blocker]:
    """Every way in which the document contradicts itself or the calendar."""
    return [*_moments(document, now), *_schedule(document), *_fees(document), *_money(document), *_service(document)]


def blockers_beside(document: Document, told: Told) -> list[Blocker]:
    """Every way in which the document contradicts what was told before.

    What was under way may be settled, once; what was told may not be missing: a document is whole.
    """
    found = []
    if told.as_of_at and document.as_of_at <= told.as_of_at:
        found.append(_no("loan.older", _("A newer document about this loan was taken already."), "as_of"))
    if not told.same_person:
        found.append(_no("loan.other_person", _("This loan belongs to somebody else."), "person"))
    if document.credited and document.credited[0].at != told.disbursed_at:
        found.append(_no("loan.other_disbursement", _("The loan was disbursed at another moment."), "disbursements"))
    for name in FIXED:
        before, after = getattr(told.document, name), getattr(document, name)
        if before not in ("", None) and before != after:
            found.append(_no("loan.contradicted", _("This differs from what was told before."), name))
    if told.document.instalments and told.document.instalments != document.instalments:
        found.append(_no("schedule.contradicted", _("The schedule differs from what was told before."), "instalments"))
    found += _lines("disbursements", told.document.disbursements, document.disbursements)
    found += _lines("fees", told.document.fees, document.fees)
    found += _lines("repayments", told.document.repayments, document.repayments)
    return found


def settles(before: Any, after: Any) -> bool:
    """Whether `after` only says how what was open in `before` ended: a debit under way, a fee not yet paid."""
    if isinstance(before, RepaymentLine):
        return before.status == Repayment.Status.UNDER_WAY and replace(before, status=after.status) == after
    if isinstance(before, FeeLine):
        return before.paid_at is None and replace(before, paid_at=after.paid_at) == after
    return False


def _lines(name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Blocker]:
    now = {line.external_id: line for line in after}
    for line in before:
        later = now.get(line.external_id)
        if later is None:
            message = format_lazy(_("“{id}” was told before and is missing."), id=line.external_id)
            yield _no("line.missing", message, name)
        elif later != line and not settles(line, later):
            message = format_lazy(_("“{id}” differs from what was told before."), id=line.external_id)
            yield _no("line.contradicted", message, name)


def _moments(document: Document, now: datetime) -> Iterator[Blocker]:
    moments = [
        ("as_of", document.as_of_at),
        *(("disbursements", one.at) for one in document.disbursements),
        *(("fees", one.paid_at) for one in document.fees if one.paid_at),
        *(("repayments", one.paid_at) for one in document.repayments),
    ]
    for name in sorted({name for name, at in moments if at > min(now, document.as_of_at)}):
        yield _no("moment.future", _("This lies after the document’s own moment, or in the future."), name)
    if not document.credited:
        message = _("A loan is registered when its money has arrived. None has.")
        yield _no("loan.not_disbursed", message, "disbursements")
    elif document.signed_at and document.signed_at > document.credited[0].at:
        yield _no("loan.signed_late", _("The money arrived before the contract was signed."), "signed_at")


def _schedule(document: Document) -> Iterator[Blocker]:
    lines = document.instalments
    if not lines:
        return
    if [line.number for line in lines] != list(range(1, document.term_months + 1)):
        yield _no("schedule.gaps", _("The instalments are not numbered from 1 to the term."), "instalments")
    days = [line.due_on for line in lines]
    if days != sorted(set(days)) or (document.credited and days[0] <= cst_date(document.credited[0].at)):
        yield _no("schedule.days", _("The days due do not follow one another after the disbursement."), "instalments")
    if sum(line.principal_cents for line in lines) != document.principal_cents:
        message = _("The principal of the instalments does not add up to the loan.")
        yield _no("schedule.sum", message, "instalments")
    for index, line in enumerate(lines):
        fees = sum(fee.by_instalment[index] for fee in document.fees if _is_due_with(fee, index))
        if fees != line.fees_cents:
            message = format_lazy(_("The fees due with instalment {number} do not add up."), number=line.number)
            yield _no("schedule.fees", message, "instalments")


def _is_due_with(fee: FeeLine, index: int) -> bool:
    return fee.payer == Role.CONSUMER and index < len(fee.by_instalment)


def _fees(document: Document) -> Iterator[Blocker]:
    yield from _twice("fees", document.fees)
    for fee in document.fees:
        wrong = [
            fee.payer == fee.receiver,
            bool(fee.by_instalment) and sum(fee.by_instalment) != fee.amount_cents,
            bool(fee.by_instalment) and len(fee.by_instalment) != len(document.instalments),
            bool(fee.by_instalment) and fee.paid_at is not None,
            fee.kind == Kind.COUPON and (fee.payer != Role.CONSUMER or bool(fee.by_instalment)),
            fee.is_contingent and bool(fee.amount_cents or fee.by_instalment or fee.paid_at or not fee.standard),
        ]
        if any(wrong):
            message = format_lazy(
                _(
                    "Fee “{id}” contradicts itself: two parties; one part per instalment, adding up, paid with the instalments and "
                    "not by itself; a coupon is given by the consumer; a contingent fee has a standard and no amount."
                ),
                id=fee.external_id,
            )
            yield _no("fee.contradictory", message, "fees")


def _money(document: Document) -> Iterator[Blocker]:
    yield from _twice("disbursements", document.disbursements)
    yield from _twice("repayments", document.repayments)
    if sum(one.amount_cents for one in document.credited) > document.principal_cents:
        yield _no("disbursement.too_much", _("More was disbursed than the loan."), "disbursements")
    for one in document.repayments:
        pairs = [(part.kind, part.receiver) for part in one.parts]
        if sum(part.amount_cents for part in one.parts) != one.amount_cents or len(set(pairs)) != len(pairs):
            message = format_lazy(_("The parts of repayment “{id}” do not add up."), id=one.external_id)
            yield _no("repayment.parts", message, "repayments")
    paid = [one for one in document.repayments if one.status != Repayment.Status.FAILED]
    if sum(p.amount_cents for one in paid for p in one.parts if p.kind == Kind.PRINCIPAL) > document.principal_cents:
        yield _no("repayment.too_much", _("More principal was repaid than the loan."), "repayments")
    if document.credited and any(one.paid_at < document.credited[0].at for one in document.repayments):
        yield _no("repayment.early", _("Nothing is repaid before the money arrived."), "repayments")


def _service(document: Document) -> Iterator[Blocker]:
    share = document.served_bp
    fits = {
        "unknown": share is None,
        "none": share in (None, 0),
        "partly": share is not None and 0 < share < WHOLE_BP,
        "served": share in (None, WHOLE_BP),
    }
    if not fits[document.service_state]:
        yield _no("service.proportion", _("The proportion does not fit the state of the service."), "service")


def _twice(name: str, lines: Iterable[Any]) -> Iterator[Blocker]:
    ids = [line.external_id for line in lines]
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        yield _no("line.twice", format_lazy(_("“{id}” is named more than once."), id=one), name)


def _no(code: str, message: Text, field: str) -> Blocker:
    return Blocker(code, message, SOURCE, field)
