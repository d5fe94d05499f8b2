"""What people do about a leg: have it asked after, order it again, send it to another verified account, settle it by hand."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.handling import acts
from cases.models import Approval
from jike.base.actors import Actor
from jike.verbs import verb
from lending.orders.actions import ask_again
from lending.orders.models import Order
from refunds import booking
from refunds.actions.asking import advance_later
from refunds.models import Leg, Refund
from refunds.rules import paying as rules
from refunds.states import LegState


@verb(
    Refund,
    "refunds.ask_leg",
    label=_("Ask what became of an order"),
    blockers=rules.blockers_to_ask_leg,
    category="money",
)
def ask_leg(case: Refund, *, actor: Actor, now: datetime, leg: Leg) -> None:
    """Have the core system asked. It is not sent again unless the core system says that it never arrived. Source: house orders."""
    mine = cast(Leg, rules.own_leg(case, leg))
    case.tell(leg=mine.seq, asked=ask_again(cast(Order, mine.order), now=now))


@verb(
    Refund,
    "refunds.retry_leg",
    label=_("Order again what failed"),
    blockers=rules.blockers_to_retry_leg,
    category="money",
)
def retry_leg(case: Refund, *, actor: Actor, now: datetime, leg: Leg) -> None:
    """A new order for a leg the core system has refused for good, to the same account. Source: house orders."""
    _again(case, cast(Leg, rules.own_leg(case, leg)), Leg.Route.ORIGINAL, actor=actor, now=now)


@verb(
    Refund,
    "refunds.ask_account",
    label=_("Propose another account of the same person"),
    blockers=rules.blockers_to_ask_account,
    category="money",
)
def ask_account(case: Refund, *, actor: Actor, now: datetime, leg: Leg, reason: str) -> None:
    """The account the money came from is closed. A second person looks before it goes elsewhere. Source: house return route."""
    request: approvals.Request = {"leg": str(leg.pk), "reason": reason.strip(), "amount": str(leg.amount)}
    approvals.ask(case, rules.ACCOUNT, actor=actor, now=now, request=request)
    case.tell(leg=leg.seq)


@verb(
    Refund,
    rules.ACCOUNT,
    label=_("Decide on another account"),
    blockers=rules.blockers_to_approve_account,
    category="money",
)
def approve_account(case: Refund, *, actor: Actor, now: datetime, verdict: str, payload: str, reason: str = "") -> None:
    """Approved, the leg is ordered anew to an account of the same person that the core system has verified. Source: house return route."""
    approval = approvals.vote(case, rules.ACCOUNT, verdict, actor=actor, now=now, reason=reason.strip())
    if verdict != Approval.Verdict.APPROVED:
        return
    wanted = UUID(str(approvals.request_of(approval)["leg"]))
    leg = next((one for one in case.failed_legs if one.pk == wanted), None)
    if leg is not None:
        _again(case, leg, Leg.Route.VERIFIED, actor=actor, now=now)


@verb(
    Refund,
    "refunds.confirm_leg",
    label=_("Record what was settled by hand"),
    blockers=rules.blockers_to_confirm_leg,
    category="money",
)
def confirm_leg(case: Refund, *, actor: Actor, now: datetime, leg: Leg, evidence: str) -> None:
    """A coupon, or what other parties owe one another, was settled outside; what shows it is kept."""
    mine = cast(Leg, rules.own_leg(case, leg))
    mine.state, mine.ended_at = LegState.CONFIRMED, now
    mine.evidence = evidence.strip()
    mine.save(update_fields=["state", "ended_at", "evidence"])
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(leg=mine.seq, leg_kind=mine.kind, leg_state=str(mine.state))
    advance_later(case, now=now)


def _again(case: Refund, leg: Leg, route: str, *, actor: Actor, now: datetime) -> None:
    order = booking.order_again(case, leg, route=route, actor=actor, now=now)
    case.tell(leg=leg.seq, order=str(order.pk), attempt=leg.attempt, route=str(route))
    advance_later(case, now=now)
