"""Where a program does not decide: one person proposes, a second one approves. And the stop by whoever works against fraud."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.models import Approval
from jike.base.actors import Actor
from jike.verbs import verb
from refunds import words
from refunds.actions.asking import advance_later
from refunds.actions.judging import ANSWER, bp_of, refuse
from refunds.models import Refund
from refunds.rules import judging as rules
from refunds.states import State


@verb(Refund, "refunds.hold", label=_("Hold for a fraud check"), blockers=rules.blockers_to_hold)
def hold(case: Refund, *, actor: Actor, now: datetime, reason: str) -> None:
    """Stop the money before it moves; what waits for a vote is void. The consumer's debts stay stopped, the merchant's hours end:
    its answer is still taken, and decides nothing by itself. Source: house screening.
    """
    case.mark_held(code="fraud.suspected")
    approvals.void_all(case, now=now)
    clocks.stop(case, ANSWER, at=now, now=now)
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
    words.tell(case, words.HELD, now=now)


@verb(
    Refund, "refunds.propose", label=_("Propose what is to be done"), blockers=rules.blockers_to_propose, category="money"
)  # fmt: skip
def propose(
    case: Refund,
    *,
    actor: Actor,
    now: datetime,
    outcome: str,
    reason: str,
    code: str = "",
    evidence: str = "",
    share: Decimal | None = None,
) -> None:
    """Put before a second person whether the loan is returned, returned in part, refused, or returned as goodwill.

    Source: house screening, house four eyes.
    """
    request: approvals.Request = {
        "outcome": outcome,
        "reason": reason.strip(),
        "code": code if outcome == "refuse" else "",
        "evidence": evidence.strip(),
        "served_bp": bp_of(share) if outcome == "partly" else None,
        "amount": str(case.amount_cny),
    }
    approvals.ask(case, rules.APPROVE, actor=actor, now=now, request=request)
    case.tell(outcome=outcome)


@verb(Refund, rules.APPROVE, label=_("Decide on the proposal"), blockers=rules.blockers_to_approve, category="money")
def approve(case: Refund, *, actor: Actor, now: datetime, verdict: str, payload: str, reason: str = "") -> None:
    """The second person's vote on exactly what was proposed. Approved, a return goes its way by itself; returned, nothing moves.

    Source: house four eyes.
    """
    approval = approvals.vote(case, rules.APPROVE, verdict, actor=actor, now=now, reason=reason.strip())
    if verdict != Approval.Verdict.APPROVED:
        return
    asked = approvals.request_of(approval)
    outcome = str(asked["outcome"])
    case.tell(outcome=outcome)
    if outcome == "refuse":
        told = f"{rules.REFUSALS[str(asked['code'])]}。{asked['reason']}"
        case.mark_refused(code=str(asked["code"]), at=now)
        refuse(case, told=told, may_goodwill=False, now=now)
        return
    if outcome == "goodwill":
        case.mark_goodwill()
    elif case.state != State.ELIGIBLE:
        case.mark_granted()
        clocks.stop_all(case, at=now, now=now)
    case.released = True
    case.served_bp = int(str(asked["served_bp"])) if outcome == "partly" else None
    advance_later(case, now=now)
