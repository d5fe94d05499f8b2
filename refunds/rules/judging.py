"""May a return be checked, held, decided by two people; may the merchant be asked or heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.rules import PART_LIMIT, handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from refunds.facts import facts_of, loan_of
from refunds.models import Refund
from refunds.screening import is_deemed_unserved
from refunds.states import DECIDABLE, Served, State

APPROVE = "refunds.approve"
OUTCOMES: dict[str, tuple[str, ...]] = {
    State.ELIGIBLE.value: ("return", "refuse"),
    State.DISPUTED.value: ("return", "partly", "refuse"),
    State.HELD.value: ("return", "refuse"),
    State.REFUSED.value: ("goodwill",),
}
LABELS = {
    "return": _("Return the loan"),
    "partly": _("Return the part that was not served"),
    "refuse": _("Refuse"),
    "goodwill": _("Return it as goodwill"),
}
REFUSALS = {
    "return.late": _("Out of time"),
    "service.served": _("The service was given"),
    "terms.no_return": _("The terms promise no return"),
    "terms.first_loan_only": _("Only for a first loan"),
    "fraud.confirmed": _("Fraud was confirmed"),
    "return.other": _("Another reason"),
}
RECORD_LIMIT = 2_000
WHOLE = 100


def blockers_to_screen(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    return no_power(actor, "refunds.screen") + wrong_state(case, case.mark_screening)


def blockers_to_judge(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    """After the check began, and again when the merchant has answered or its time to answer is over. Source: house RET_MERCH."""
    found = no_power(actor, "refunds.judge") + only_while(case, State.SCREENING, State.DISPUTED)
    if not found and case.state == State.DISPUTED and not has_news(case, now=now):
        found.append(Blocker("screening.no_news", _("Nothing is known that was not known at the last check.")))
    return found


def has_news(case: Refund, *, now: datetime) -> bool:
    """Whether the merchant answered, or its silence came to mean something, since the last check."""
    last = case.screening
    if last is None or case.merchant_asked_at is None:
        return last is None or bool(case.merchant_answered_at and case.merchant_answered_at >= last.screened_at)
    if case.merchant_answered_at:
        return case.merchant_answered_at >= last.screened_at
    facts = facts_of(case)
    return is_deemed_unserved(facts, now=now) and not is_deemed_unserved(facts, now=last.screened_at)


def blockers_to_hold(case: Refund, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """Whoever works against fraud stops the money before it moves; supervisors too."""
    found = no_power(actor, "refunds.hold") + wrong_state(case, case.mark_held)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_ask_merchant(case: Refund, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """Recorded by the machine that sent the question, or by staff who asked themselves. The 48 hours begin. Source: house RET_MERCH."""
    power = "refunds.ask_merchant"
    found = handler_only(case, actor, power) if actor.is_staff else no_power(actor, power)
    found += only_while(case, State.DISPUTED)
    if case.merchant_asked_at is not None:
        found.append(Blocker("merchant.asked", _("The merchant was asked already.")))
    if not found and case.screening and "service.unknown" not in {one["code"] for one in case.screening.reasons}:
        found.append(Blocker("merchant.heard", _("It is known already what the merchant says.")))
    if case.merchant_id is None:
        found.append(Blocker("merchant.none", _("No merchant is known who could be asked.")))
    if actor.is_staff:
        found += missing(evidence, "evidence", _("Say how and when the merchant was asked."))
    return found + too_long(evidence, "evidence", RECORD_LIMIT)


def blockers_to_record_merchant(
    case: Refund, actor: Actor, *, now: datetime, says: Any = UNASKED, record: Any = UNASKED, share: Any = UNASKED
) -> list[Blocker]:
    """What the merchant says, with the signed record where it says that it served: the burden of proof is the merchant's.

    Source: house RET_MERCH.
    """
    found = handler_only(case, actor, "refunds.record_merchant") + only_while(case, State.DISPUTED, State.HELD)
    if case.merchant_answered_at is not None:
        found.append(Blocker("merchant.answered", _("The merchant has answered already. A new answer goes to people.")))
    if says is not UNASKED and says not in (Served.NONE, Served.PARTLY, Served.SERVED):
        found.append(Blocker("service.unknown_word", _("Say whether the service was given."), field="says"))
    if says == Served.PARTLY and not is_share(share):
        found.append(Blocker("service.proportion", _("Say how much was given, between 0 and 100 %."), field="share"))
    return found + too_long(record, "record", RECORD_LIMIT)


def is_share(share: Any) -> bool:
    """Whether this is a share in percent of something that was given in part."""
    return share is not UNASKED and share is not None and 0 < share < WHOLE


def blockers_to_propose(
    case: Refund,
    actor: Actor,
    *,
    now: datetime,
    outcome: Any = UNASKED,
    reason: Any = UNASKED,
    code: Any = UNASKED,
    evidence: Any = UNASKED,
    share: Any = UNASKED,
) -> list[Blocker]:
    """One person says what is to be done where a program does not decide; a second one approves. A refusal has a code and evidence.

    Source: house screening, house four eyes.
    """
    found = handler_only(case, actor, "refunds.propose") + only_while(case, *DECIDABLE)
    if not found and case.state == State.ELIGIBLE and is_free(case):
        found.append(Blocker("return.automatic", _("This return goes its way by itself.")))
    if approvals.waiting_for(case, APPROVE):
        found.append(Blocker("approval.open", _("A proposal waits for a second person already.")))
    if not found and case.state == State.REFUSED:
        found += other_return(case)
    if outcome is not UNASKED and outcome not in OUTCOMES.get(case.state, ()):
        found.append(Blocker("outcome.unknown", _("Choose what is to be done."), field="outcome"))
    if outcome == "refuse":
        if code is not UNASKED and code not in REFUSALS:
            found.append(Blocker("code.missing", _("A refusal has a code."), "house screening", "code"))
        found += missing("" if evidence is UNASKED else evidence, "evidence", _("A refusal names what proves it."), "house screening")  # fmt: skip
    if outcome == "partly" and not is_share(share):
        found.append(Blocker("service.proportion", _("Say how much was given, between 0 and 100 %."), field="share"))
    found += missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
    return found + too_long(evidence, "evidence", RECORD_LIMIT)


def other_return(case: Refund) -> list[Blocker]:
    """Another return of the same loan goes on, or has been completed."""
    others = Refund.objects.filter(loan=loan_of(case)).exclude(pk=case.pk).exclude(state=State.REFUSED)
    if not others.exists():
        return []
    return [Blocker("return.open", _("Another return of this loan goes on or was completed."), "house screening")]


def is_free(case: Refund) -> bool:
    """Whether money may go back: a clean screening, or people have decided so."""
    last = case.screening
    return case.released or bool(last and last.is_automatic and last.outcome == "eligible")


def blockers_to_approve(
    case: Refund,
    actor: Actor,
    *,
    now: datetime,
    verdict: Any = UNASKED,
    payload: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """Another human than whoever proposed and whoever handles. Source: house four eyes."""
    found = approvals.blockers_to_answer(case, actor, APPROVE, verdict=verdict, payload=payload, reason=reason)
    found += only_while(case, *DECIDABLE)
    approval = approvals.waiting_for(case, APPROVE)
    if approval and not found and approvals.request_of(approval)["outcome"] not in OUTCOMES[case.state]:
        found.append(Blocker("proposal.outdated", _("The case has moved on since this was proposed. Return it.")))
    return found
