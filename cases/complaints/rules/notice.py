"""May the letter be issued and the notice recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.house_rules import house_rules
from cases.complaints.models import Attempt, Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.telling import tries_of
from cases.handling.proof_rules import without_proof_by_hand
from cases.models import Approval, Delivery, Document
from cases.rules import (
    handler_only,
    missing,
    no_power,
    too_long,
    wrong_state,
)
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

ART = "O2020-3 art 21"
WAIVE = "complaints.waive_notice"


def blockers_to_issue_letter(
    case: Complaint, actor: Actor, *, now: datetime, decision: Any = UNASKED, **letter: Any
) -> list[Blocker]:
    found = no_power(actor, "complaints.issue_letter")
    if case.decision_id is None:
        found.append(Blocker("case.not_decided", _("The case has no decision yet.")))
    if decision is not UNASKED and case.documents.filter(decision=decision).exists():
        found.append(Blocker("letter.issued", _("The letter of this decision exists already.")))
    return found


def blockers_to_issue_receipt(case: Complaint, actor: Actor, *, now: datetime, **receipt: Any) -> list[Blocker]:
    found = no_power(actor, "complaints.issue_receipt")
    if case.documents.filter(kind=Document.Kind.RECEIPT).exists():
        found.append(Blocker("receipt.issued", _("The receipt of this case exists already.")))
    return found


def blockers_to_issue_notice(
    case: Complaint, actor: Actor, *, now: datetime, message: Any = UNASKED, **letter: Any
) -> list[Blocker]:
    found = no_power(actor, "complaints.issue_notice")
    if message is not UNASKED and case.documents.filter(message=message).exists():
        found.append(Blocker("letter.printed", _("The letter of this notice exists already.")))
    return found


def _letter_missing(case: Complaint) -> list[Blocker]:
    if not case.decision_id or any(letter.decision_id == case.decision_id for letter in case.known_letters):
        return []
    return [Blocker("letter.not_ready", _("The decision letter has not been made yet."), "O2020-3 art 19")]


def blockers_to_notify(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    proof: Any = UNASKED,
    evidence: Any = UNASKED,
    manner: Any = UNASKED,
    sent_at: Any = UNASKED,
    number_called: Any = UNASKED,
    answered: Any = UNASKED,
) -> list[Blocker]:
    """Proof of sending is kept for every notice. Source: O2020-3 art 21."""
    found = handler_only(case, actor, "complaints.notify") + wrong_state(case, case.mark_notified)
    found += _letter_missing(case)
    if not actor.is_staff:
        return [*found, *([Blocker("notice.no_proof", _("There is no proof of sending."), ART)] if not proof else [])]
    found += without_proof_by_hand(manner, evidence)
    if manner == Delivery.Manner.CALL:
        found += _no_number("" if number_called is UNASKED else number_called)
        if answered is not UNASKED and not answered:
            found.append(
                Blocker(
                    "call.unanswered",
                    _("Nobody answered. Record a failed attempt and tell the decision by a second channel."),
                    "house second channel",
                    "answered",
                )
            )
    return found + _impossible(case, sent_at, "sent_at", now=now)


def _no_number(number: Any) -> list[Blocker]:
    """Landlines are numbers too: enough digits is all that is asked."""
    if 7 <= sum(sign.isdigit() for sign in str(number)) <= 15:
        return []
    return [Blocker("number_called.missing", _("Give the telephone number that was called."), ART, "number_called")]


def _impossible(case: Complaint, at: Any, field: str, *, now: datetime) -> list[Blocker]:
    if at is UNASKED or (at and at <= now and (case.decided_at is None or at >= case.decided_at)):
        return []
    return [Blocker(f"{field}.impossible", _("The time of sending lies between the decision and now."), ART, field)]


def blockers_to_record_attempt(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    manner: Any = UNASKED,
    at: Any = UNASKED,
    outcome: Any = UNASKED,
    evidence: Any = UNASKED,
    number_called: Any = UNASKED,
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.record_attempt") + wrong_state(case, case.mark_notified)
    found += _letter_missing(case)
    if manner is not UNASKED and (manner not in Delivery.Manner.values or manner == Delivery.Manner.INBOX):
        found.append(Blocker("manner.unknown", _("Choose by which channel it was tried."), ART, "manner"))
    if outcome is not UNASKED and outcome not in Attempt.Outcome.values:
        found.append(Blocker("outcome.unknown", _("Choose what came of it."), ART, "outcome"))
    if manner == Delivery.Manner.CALL:
        found += _no_number("" if number_called is UNASKED else number_called)
    found += missing(
        evidence, "evidence", _("Give the proof: the postal number, the receipt, or the call record."), ART
    )
    return found + _impossible(case, at, "at", now=now)


def blockers_to_ask_waiver(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """Source: O2020-3 art 21, house unreachable."""
    found = handler_only(case, actor, "complaints.ask_waiver") + wrong_state(case, case.mark_notice_waived)
    found += _still_reachable(case)
    if approvals.waiting_for(case, WAIVE):
        found.append(Blocker("approval.open", _("This waits for a second person already.")))
    return (
        found
        + missing(reason, "reason", _("Say why the consumer cannot be reached."))
        + too_long(reason, "reason", PART_LIMIT)
    )


def _still_reachable(case: Complaint) -> list[Blocker]:
    tries, rule = tries_of(case), house_rules().unreachable
    if tries.suffice:
        return []
    message = format_lazy(
        _(
            "So far {attempts} failed attempts by {channels} channels on {days} days; a waiver needs {need} by {ways} on {spread}."
        ),
        attempts=tries.attempts,
        channels=tries.channels,
        days=tries.days,
        need=rule.attempts,
        ways=rule.channels,
        spread=rule.days,
    )
    return [Blocker("attempts.too_few", message, "house unreachable")]


def blockers_to_waive_notice(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    verdict: Any = UNASKED,
    payload: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    found = approvals.blockers_to_answer(case, actor, WAIVE, verdict=verdict, payload=payload, reason=reason)
    if verdict != Approval.Verdict.RETURNED:
        found += wrong_state(case, case.mark_notice_waived)
    return found
