"""Correcting what was recorded, never silently: amount and merchant with a reason, the time of receipt by two people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.attachments.models import Attachment
from cases.clocks.steps import is_late
from cases.complaints import correcting, counting, wordings
from cases.complaints.models import Complaint, ReceiptCorrection
from cases.complaints.rules import correcting as rules
from cases.models import Approval, Note
from cases.queries import complainant_of
from cases.recusals import recuse_by_relations
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb
from lending.models import Merchant


@verb(
    Complaint,
    "complaints.correct_facts",
    label=_("Correct amount or merchant"),
    blockers=rules.blockers_to_correct_facts,
)
def correct_facts(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    amount_cny: Decimal | None = None,
    merchant: Merchant | None = None,
    merchant_named: str = "",
) -> None:
    """Put amount or merchant right; what is not given stays, and no clock moves. A name without a `merchant` takes the registered one off.

    Amounts and credit codes stand on the event, before and after. The reason and both names as the consumer used them are an
    internal note, sealed. Whoever has declared a relation to the new merchant is kept from the case. Source: O2020-3 art 17, art 28.
    """
    changed = rules.changes(case, amount_cny=amount_cny, merchant=merchant, merchant_named=merchant_named)
    lines = [f"更正原因：{reason.strip()}"]
    if "amount" in changed:
        case.tell(was_amount=_text(case.amount_cny), amount=_text(amount_cny))
        case.amount_cny = amount_cny
    if "named" in changed:
        was = rules.name_given(case)
        lines.append(f"投诉人所称商户：{was or '（无）'} → {merchant_named.strip()}")
        case.tell(was_named="sealed" if was else "", named="changed")
        case.merchant_named = merchant_named.strip()
    if "merchant" in changed:
        case.tell(was_merchant=_code(case.merchant), merchant=_code(merchant))
        case.merchant = merchant
        recuse_by_relations(case, actor=actor, now=now)
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body="\n".join(lines), created_at=now)
    case.tell(note=str(note.pk))


def _text(amount: Decimal | None) -> str:
    return f"{amount:.2f}" if amount is not None else ""


def _code(merchant: Merchant | None) -> str:
    return merchant.uscc if merchant else ""


@verb(
    Complaint,
    "complaints.ask_receipt_time",
    label=_("Ask to correct the time of receipt"),
    blockers=rules.blockers_to_ask_receipt_time,
    category="clock",
)
def ask_receipt_time(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    received_at: datetime,
    reason: str,
    paper: Attachment | None = None,
    recording: str = "",
) -> None:
    """Ask a second person to put the recorded time of receipt right. Nothing moves before.

    `paper` of the case or the number of the `recording` shows it; the consumer will read the `reason`. Source: O2020-3 art 18.
    """
    request = correcting.request_for(case, received_at, reason=reason, paper=paper, recording=recording, now=now)
    approvals.ask(case, rules.RECEIPT, actor=actor, now=now, request=request)


@verb(
    Complaint,
    rules.RECEIPT,
    label=_("Correct the time of receipt"),
    blockers=rules.blockers_to_approve_receipt_time,
    category="clock",
)
def approve_receipt_time(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Put the receipt where it was, count anew what counts from it, and tell the consumer the new last day with the reason.

    The step of 15, 30 or 60 days, its version and the pauses stay; so do the old count and whatever breach it had. A date agreed
    with the consumer, and a count that new facts began anew, do not move. Source: O2020-3 art 18, house four eyes.
    """
    approval = approvals.vote(case, rules.RECEIPT, Approval.Verdict.APPROVED, actor=actor, now=now)
    asked = approvals.request_of(approval)
    old, new = case.received_at, datetime.fromisoformat(str(asked["new_received"]))
    old_due, new_due = correcting.days_of(case, new)
    moved = counting.move_receipt(case, new, now=now)
    row = ReceiptCorrection.objects.create(
        id=uuid7(),
        case_id=case.pk,
        approval=approval,
        old_at=old,
        new_at=new,
        old_due_at=old_due if moved else None,
        new_due_at=new_due if moved else None,
        corrected_at=now,
    )
    case.tell(correction=str(row.pk), was_received=old.isoformat(), received=new.isoformat())
    if moved:
        case.tell(was_due=counting.as_text(old_due), due=counting.as_text(new_due))
    if party := complainant_of(case):
        is_late_now = new_due is not None and is_late(now, new_due)
        words = correcting.words_of(asked) | {"old_due": old_due, "new_due": new_due, "is_late": is_late_now}
        wordings.RECEIPT_TIME.queue(case, party, now=now, **words)
