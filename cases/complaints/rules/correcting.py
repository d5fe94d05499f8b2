"""May what was recorded be corrected: amount and merchant by the handler, the time of receipt by two people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.models import Approval
from cases.rules import ended, handler_only, historical, missing, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.privacy import open_sealed
from lending.models import Merchant

ART = "O2020-3 art 18"
RECEIPT = "complaints.approve_receipt_time"
UNTOLD = (State.RECEIVED, State.SUPPLEMENTING, State.INVESTIGATING, State.DECIDING, State.DECIDED)


def blockers_to_correct_facts(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    reason: Any = UNASKED,
    amount_cny: Any = None,
    merchant: Any = None,
    merchant_named: Any = "",
) -> list[Blocker]:
    """Whoever changes amount or merchant says why. Source: O2020-3 art 28."""
    found = handler_only(case, actor, "complaints.correct_facts") + ended(case)
    if amount_cny is not None and not Decimal(0) <= amount_cny < Decimal(10) ** 16:
        message = _("The amount is zero or more, in yuan.")
        found.append(Blocker("amount_cny.impossible", message, field="amount_cny"))
    if reason is not UNASKED and not changes(
        case, amount_cny=amount_cny, merchant=merchant, merchant_named=merchant_named
    ):
        found.append(Blocker("correction.none", _("Nothing would change. Give the amount or the merchant as it is.")))
    found += missing(reason, "reason", _("Say why this is corrected; the reason is kept."), "O2020-3 art 28")
    return found + too_long(reason, "reason", 2_000) + too_long(merchant_named, "merchant_named", 120)


def changes(
    case: Complaint, *, amount_cny: Decimal | None, merchant: Merchant | None, merchant_named: str
) -> frozenset[str]:
    """Which of amount, merchant and the consumer's name for it would be others; what is not given stays.

    A name without a registered merchant says that none of the registered ones is meant.
    """
    named = (merchant_named or "").strip()
    found = set()
    if amount_cny is not None and amount_cny != case.amount_cny:
        found.add("amount")
    if (merchant and merchant.pk != case.merchant_id) or (named and not merchant and case.merchant_id):
        found.add("merchant")
    if named and named != name_given(case):
        found.add("named")
    return frozenset(found)


def name_given(case: Complaint) -> str:
    """The merchant as the consumer named it."""
    return open_sealed(case, "merchant_named") if case.merchant_named else ""


def blockers_to_ask_receipt_time(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    received_at: Any = UNASKED,
    reason: Any = UNASKED,
    paper: Any = None,
    recording: Any = "",
) -> list[Blocker]:
    """A receipt recorded wrongly, shown by a paper of the case or a recorded call, before a decision was told."""
    found = handler_only(case, actor, "complaints.ask_receipt_time") + _untold(case)
    if found:
        return found
    if approvals.waiting_for(case, RECEIPT):
        found.append(Blocker("receipt.asked", _("A correction of the time of receipt waits already."), ART))
    if received_at is not UNASKED:
        found += _when(case, received_at, now) + _evidence(case, paper, recording)
    found += missing(reason, "reason", _("Say how the time came to be recorded wrongly."), ART)
    return found + too_long(reason, "reason", 500) + too_long(recording, "recording", 80)


def _untold(case: Complaint) -> list[Blocker]:
    """What was told with its dates stands: the time of receipt is corrected before, or not any more."""
    if record := historical(case):
        return record
    if case.reopened_at or case.review_requested_at:
        message = _("A decision on this complaint was told already; its time of receipt stays as it was told.")
        return [Blocker("receipt.told", message, ART)]
    return only_while(case, *UNTOLD)


def _when(case: Complaint, at: datetime | None, now: datetime) -> list[Blocker]:
    if at is None:
        return [Blocker("received_at.missing", _("Give the time of receipt as it was."), ART, "received_at")]
    if at > now:
        return [Blocker("received_at.future", _("The time of receipt lies in the future."), field="received_at")]
    if at > case.registered_at:
        message = _("It cannot have been received after it was registered.")
        return [Blocker("received_at.registered", message, ART, "received_at")]
    if at == case.received_at:
        return [Blocker("received_at.same", _("This is the time that is recorded already."), field="received_at")]
    return []


def _evidence(case: Complaint, paper: Any, recording: Any) -> list[Blocker]:
    if paper is not None and paper.subject != case.pk:
        return [Blocker("paper.elsewhere", _("Choose a paper of this case."), field="paper")]
    if paper is None and not str(recording or "").strip():
        message = _("Choose the paper of the case that shows it, or give the number of the recorded call.")
        return [Blocker("evidence.missing", message, ART, "paper")]
    return []


def _asked(approval: Approval) -> str:
    return str(approvals.request_of(approval)["old_received"])


def blockers_to_approve_receipt_time(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED
) -> list[Blocker]:
    """Another person agrees to exactly what was asked, while the receipt is still the one it was asked for."""
    found = no_power(actor, RECEIPT) + _untold(case)
    if found:
        return found
    approval = approvals.waiting_for(case, RECEIPT)
    found += approvals.blockers_to_vote(case, actor, approval, payload=payload)
    if approval and datetime.fromisoformat(_asked(approval)) != case.received_at:
        message = _("The time of receipt has changed since this was asked. Return the request.")
        found.append(Blocker("receipt.moved", message, ART))
    return found
