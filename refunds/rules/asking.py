"""May a return be asked for, may a refusal be contested, and what becomes of the stop afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.models import Case, Decision, Link
from cases.queries import sight_of
from cases.rules import PART_LIMIT, handler_only, missing, no_power, not_own_case, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from lending.models import Loan
from lending.orders.stops import is_stopped
from refunds.models import Refund
from refunds.rules.judging import APPROVE, other_return
from refunds.states import Served, State

REQUEST = "refunds.request"
OVERTURNED = "refusal.overturned"
EVIDENCE_LIMIT, NOTE_LIMIT = 2_000, 500
CONFIRMED_BY = ("code", "recording", "paper", "present")
BACKDATED_FOR = ("letter_under_way", "closed_hours", "passed_on", "system_down", "other")
LATE_AFTER = timedelta(minutes=30)
_TAKEN = {
    "return.already": (_("This loan was returned already."), _("This loan was returned already: {number}.")),
    "return.open": (_("A return of this loan goes on already."), _("A return of this loan goes on already: {number}.")),
}


def blockers_to_request(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    loan: Loan,
    consumer_says: Any = UNASKED,
    received_at: Any = UNASKED,
    channel: Any = UNASKED,
    evidence: Any = UNASKED,
    confirmed_by: Any = "",
    backdated: Any = "",
    backdated_note: Any = "",
) -> list[Blocker]:
    """By the borrower, or by staff who can show when and where the borrower said so, how they know who it was, and why it is keyed
    later than it was said. Out of time is no reason to take no request. Source: house return request, house screening.
    """
    found = no_power(actor, REQUEST) + not_own_loan(loan, actor) + blockers_to_return(loan, actor)
    if consumer_says is not UNASKED and consumer_says not in Served.values:
        found.append(Blocker("service.unknown_word", _("Say whether the service was given."), field="consumer_says"))
    if received_at is not UNASKED and received_at is not None and received_at > now:
        found.append(Blocker("received.future", _("This moment lies in the future."), field="received_at"))
    if channel is not UNASKED and channel not in Case.Channel.values:
        found.append(Blocker("channel.unknown", _("Choose a channel."), field="channel"))
    if actor.is_staff:
        message = _("Name the writing or the recorded call in which it was asked for.")
        found += missing("" if evidence is UNASKED else evidence, "evidence", message, "house return request")
        found += _unproven(confirmed_by) + _keyed_late(received_at, now, backdated, backdated_note)
    return (
        found + too_long(evidence, "evidence", EVIDENCE_LIMIT) + too_long(backdated_note, "backdated_note", NOTE_LIMIT)
    )


def _unproven(confirmed_by: Any) -> list[Blocker]:
    if confirmed_by in CONFIRMED_BY:
        return []
    message = _("Say how it is known that this is the borrower.")
    return [Blocker("confirmed_by.missing", message, "house return request", "confirmed_by")]


def _keyed_late(received_at: Any, now: datetime, backdated: Any, note: Any) -> list[Blocker]:
    """An earlier moment than now is taken with a reason. Where it decides whether the request is in time, two people decide: see screening."""
    if received_at is UNASKED or received_at is None or received_at > now or now - received_at <= LATE_AFTER:
        return []
    if backdated not in BACKDATED_FOR:
        message = _("It is keyed later than received: say why.")
        return [Blocker("backdated.missing", message, "house return request", "backdated")]
    return missing(note, "backdated_note", _("Say in words why it is keyed late.")) if backdated == "other" else []


def not_own_loan(loan: Loan, actor: Actor) -> list[Blocker]:
    if actor.kind != "consumer" or (actor.id is not None and actor.id == loan.person_id):
        return []
    return [Blocker("actor.other_person", _("This is not your loan."))]


def blockers_to_return(loan: Loan, actor: Actor) -> list[Blocker]:
    """One return of a loan at a time, and none after it was returned. Its number is for whoever sees it."""
    found: list[Blocker] = []
    known = Refund.objects.filter(loan=loan).exclude(state=State.REFUSED).first()
    if known is not None:
        code = "return.already" if known.state == State.COMPLETED else "return.open"
        words, named = _TAKEN[code]
        message = format_lazy(named, number=known.number) if sight_of(known, actor) else words
        found.append(Blocker(code, message, "house screening"))
    return found


def blockers_to_contest(case: Refund, actor: Actor, *, now: datetime, words: Any = UNASKED) -> list[Blocker]:
    """The consumer does not accept a refusal; it becomes a complaint that others judge. Once. Source: house screening."""
    power = "refunds.contest"
    found = handler_only(case, actor, power) if actor.is_staff else no_power(actor, power) + not_own_case(case, actor)
    found += only_while(case, State.REFUSED)
    if not found and contested_as(case) is not None:
        found.append(Blocker("refusal.contested", _("This refusal was carried on as a complaint already.")))
    return found + missing(words, "words", _("Say why you do not accept it.")) + too_long(words, "words", PART_LIMIT)


def contested_as(case: Refund) -> Case | None:
    """The complaint that a refusal was carried on as."""
    link = Link.objects.filter(
        case_id=case.pk, kind=Link.Kind.ESCALATED_TO, other__kind="complaint", ended_at=None
    ).first()
    return link.other if link else None


def complaints_about(loan: UUID | None) -> list[Case]:
    """The complaints as which refusals of returns of the loan were carried on; of one that was merged, the complaint it lives on in."""
    links = Link.objects.filter(kind=Link.Kind.ESCALATED_TO, other__kind="complaint", ended_at=None)
    found = [link.other for link in links.filter(case__kind="refund", case__loan=loan).select_related("other")]
    into = Link.objects.filter(kind=Link.Kind.MERGED_INTO, case__in=[one.pk for one in found], ended_at=None)
    merged = {link.case_id: link.other for link in into.select_related("other")}
    return [merged.get(one.pk, one) for one in found]


def is_contested(loan: UUID | None) -> bool:
    """Whether the refusal of a return of the loan is still being judged as a complaint, for which collection stands still."""
    return any(one.ended_at is None for one in complaints_about(loan))


def is_overturned(loan: UUID | None) -> bool:
    """Whether such a complaint, the one closed last, was decided for the consumer, wholly or in part."""
    closed = [(one.ended_at, one.pk) for one in complaints_about(loan) if one.state == "closed" and one.ended_at]
    if not closed:
        return False
    _at, last = max(closed)
    decision = Decision.objects.filter(case=last).order_by("version").last()
    return decision is not None and decision.result != Decision.Result.REJECTED


def blockers_to_align_stop(case: Refund, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """After a refusal collection stands still while a complaint about it is judged, and no longer. Where the complaint was upheld
    no machine lifts the stop: people grant the return, or say why not. Source: house return request, house screening.
    """
    power = "refunds.align_stop"
    found = handler_only(case, actor, power) if actor.is_staff else no_power(actor, power)
    found += only_while(case, State.REFUSED)
    if not found:
        found += other_return(case)
        is_stopped_now, is_wanted = is_stopped(case.loan_id), is_contested(case.loan_id)
        if is_stopped_now == is_wanted:
            message = (
                _("The complaint is still judged; the stop stays.") if is_wanted else _("The stop was lifted already.")
            )
            found.append(Blocker("stop.fits", message))
        elif not is_wanted and approvals.waiting_for(case, APPROVE):
            found.append(Blocker("approval.open", _("A proposal waits for a second person already.")))
        elif not is_wanted and not actor.is_staff and is_overturned(case.loan_id):
            message = _("The complaint was upheld. People decide about goodwill before the stop is lifted.")
            found.append(Blocker(OVERTURNED, message, "house screening"))
    if actor.is_staff:
        found += missing(reason, "reason", _("Give the reason."))
    return found + too_long(reason, "reason", PART_LIMIT)
