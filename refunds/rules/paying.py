"""May money go back, may a leg be followed, ordered again or settled by hand, may the return end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.models import Approval, Document
from cases.rules import PART_LIMIT, handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from lending.loans.models import Repayment, Role
from lending.orders.models import Order
from refunds.facts import loan_of
from refunds.models import Leg, Refund
from refunds.policy import policy
from refunds.rules.judging import is_free
from refunds.states import DONE, MOVING, NO_MONEY, UNDER_WAY, LegKind, LegState, State

ACCOUNT = "refunds.approve_account"
SILENT, FAILED = "order.silent", "order.failed"
DOUBTS = ("order.amount_differs", "order.ended_otherwise")


def blockers_to_reverse(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    """A clean screening, or the vote of a second person. Source: house screening."""
    found = no_power(actor, "refunds.reverse") + wrong_state(case, case.mark_reversing)
    if not found and not is_free(case):
        found.append(Blocker("return.undecided", _("Two people decide about this return first."), "house screening"))
    return found


def state_told(leg: Leg, *, doubt: str = "") -> str:
    """The state a leg comes to by its order as that stands now."""
    order = leg.order
    assert order is not None
    if order.state in (Order.State.CONFIRMED, Order.State.FAILED):
        return str(order.state)
    if doubt:
        return LegState.UNKNOWN.value
    return LegState.SENT.value if order.state == Order.State.SENT else LegState.REQUESTED.value


def blockers_to_follow_leg(
    case: Refund, actor: Actor, *, now: datetime, leg: Any = UNASKED, doubt: Any = UNASKED
) -> list[Blocker]:
    """The order of the leg stands otherwise than the leg does. The same told again changes nothing. Source: house orders."""
    found = no_power(actor, "refunds.follow_leg")
    if leg is UNASKED:
        return found
    mine = own_leg(case, leg)
    if mine is None or mine.order is None:
        found.append(Blocker("leg.unknown", _("This return has no such leg under way."), field="leg"))
    elif mine.state not in UNDER_WAY or mine.state == state_told(mine, doubt="" if doubt is UNASKED else doubt):
        found.append(Blocker("leg.no_news", _("Nothing new is known of this leg.")))
    return found


def own_leg(case: Refund, leg: Any) -> Leg | None:
    """The leg as the locked case knows it."""
    return next((one for one in case.known_legs if leg is not None and one.pk == leg.pk), None)


def blockers_to_go_on(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    """A leg that had to wait can be ordered now, or is not needed: the debit under way came or failed, the money in hand is back."""
    found = no_power(actor, "refunds.go_on") + only_while(case, State.REVERSING, State.STUCK)
    if not found and not ready_legs(case):
        found.append(Blocker("leg.none_ready", _("No leg that waits can go on yet.")))
    return found


def ready_legs(case: Refund) -> list[tuple[Leg, str]]:
    """The legs that wait no longer, each with what is to happen: ordered, or void."""
    waiting = [leg for leg in case.known_legs if leg.state == LegState.WAITING and not leg.by_hand]
    if not waiting:
        return []
    ended = dict(
        Repayment.objects.filter(loan=loan_of(case)).exclude(status="under_way").values_list("external_id", "status")
    )
    in_hand = [leg for leg in case.known_legs if leg.by_hand and leg.payer == Role.CONSUMER and leg.unit == "cash"]
    is_repaid = all(leg.state in DONE for leg in in_hand)
    found = []
    for leg in waiting:
        if leg.is_awaited:
            status = ended.get(leg.ref.partition(":")[2])
            if status:
                found.append((leg, "order" if status == Repayment.Status.PAID else "void"))
        elif is_repaid:
            found.append((leg, "order"))
    return found


def blockers_to_stick(case: Refund, actor: Actor, *, now: datetime, code: Any = UNASKED) -> list[Blocker]:
    """An order failed, was silent beyond the limit, or what was told of it does not fit: a person looks. Where a person looks
    already, only another doubt counts: no machine goes on after it.
    """
    found = no_power(actor, "refunds.stick") + wrong_state(case, case.mark_stuck)
    if not found and case.state == State.STUCK and (code not in DOUBTS or code == case.stuck_code):
        found.append(Blocker("leg.stuck_already", _("A person looks at this already.")))
    if not found and code is not UNASKED and code not in DOUBTS and code not in troubles(case, now=now):
        found.append(Blocker("leg.none_stuck", _("Every order is answered, or still has time.")))
    return found


def troubles(case: Refund, *, now: datetime) -> list[str]:
    """Why a person has to look at the legs of this return, as codes."""
    since = now - timedelta(hours=policy().stuck_after_hours)
    legs = [leg for leg in case.money_legs if leg.order is not None]
    silent = any(leg.state in UNDER_WAY and leg.order and leg.order.ordered_at < since for leg in legs)
    return [*([FAILED] if any(leg.state == LegState.FAILED for leg in legs) else []), *([SILENT] if silent else [])]


def blockers_to_alert(
    case: Refund, actor: Actor, *, now: datetime, code: Any = UNASKED, leg: Any = UNASKED
) -> list[Blocker]:
    """What was told of an order does not fit, whenever that comes; or a stop or the credit record is not answered, once per order."""
    found = no_power(actor, "refunds.alert")
    if code is UNASKED or leg is UNASKED:
        return found
    mine = own_leg(case, leg)
    if mine is None or mine.order is None:
        found.append(Blocker("leg.unknown", _("This return has no such leg under way."), field="leg"))
    elif code not in DOUBTS and not (code == SILENT and mine in unheard_legs(case, now=now)):
        found.append(Blocker("leg.no_news", _("Nothing new is known of this leg.")))
    return found


def unheard_legs(case: Refund, *, now: datetime) -> list[Leg]:
    """Stops, liftings and corrections without an answer beyond the limit, of which people have not been told yet."""
    since = now - timedelta(hours=policy().stuck_after_hours)
    plain = [leg for leg in case.known_legs if leg.kind in NO_MONEY and leg.state in UNDER_WAY]
    late = [leg for leg in plain if leg.order and leg.order.ordered_at < since and not case.is_superseded(leg)]
    if not late:
        return []
    told = set(case.events.filter(verb="refunds.alert", data__code=SILENT).values_list("data__order", flat=True))
    return [leg for leg in late if str(leg.order_id) not in told]


def blockers_to_carry_on(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Nothing has failed and nothing is silent any more. After an answer that did not fit, a person says so."""
    power = "refunds.carry_on"
    found = handler_only(case, actor, power) if actor.is_staff else no_power(actor, power)
    found += wrong_state(case, case.mark_resumed)
    if not found and (why := troubles(case, now=now)):
        message = _("Order again what failed, or have it asked after.")
        found += [Blocker(code, message, "house orders") for code in why]
    if not found and not actor.is_staff and case.stuck_code in DOUBTS:
        found.append(Blocker("order.doubtful", _("A person compares the books first."), "house orders"))
    return found


def blockers_to_ask_leg(case: Refund, actor: Actor, *, now: datetime, leg: Any = UNASKED) -> list[Blocker]:
    """The core system is asked what became of an order. It is never sent again. Source: house orders."""
    found = handler_only(case, actor, "refunds.ask_leg")
    if not found and not any(one.state in UNDER_WAY for one in case.known_legs):
        found.append(Blocker("leg.none_open", _("No order waits for an answer.")))
    return found + _chosen(case, leg, UNDER_WAY) + _wanted(case, leg)


def blockers_to_retry_leg(case: Refund, actor: Actor, *, now: datetime, leg: Any = UNASKED) -> list[Blocker]:
    """Only what the core system has refused for good is ordered again, under a new key. Source: house orders."""
    found = handler_only(case, actor, "refunds.retry_leg")
    if not found and not case.failed_legs:
        found.append(Blocker("leg.none_failed", _("No order has failed for good.")))
    mine = own_leg(case, leg) if leg is not UNASKED else None
    if mine is not None and mine.route == Leg.Route.VERIFIED:
        message = _("This account was approved by two people for one order. Propose it anew.")
        found.append(Blocker("leg.other_account", message, "house return route", "leg"))
    return found + _chosen(case, leg, (LegState.FAILED,)) + _wanted(case, leg)


def _wanted(case: Refund, leg: Any) -> list[Blocker]:
    """Money is ordered only while it is on its way, a stop only while nothing has lifted it since."""
    mine = own_leg(case, leg) if leg is not UNASKED else None
    if mine is None:
        return []
    if mine.kind not in NO_MONEY:
        return only_while(case, *MOVING)
    if case.is_superseded(mine):
        return [Blocker("leg.superseded", _("A later order has taken the place of this one."), field="leg")]
    return []


def blockers_to_ask_account(
    case: Refund, actor: Actor, *, now: datetime, leg: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """The account the money came from is closed: another account of the same person that the core system verified, by two people.

    Source: house return route.
    """
    found = handler_only(case, actor, "refunds.ask_account")
    if not found and not any(one.is_to_consumer for one in case.failed_legs):
        found.append(Blocker("leg.none_failed", _("No payment to the consumer has failed for good.")))
    if approvals.waiting_for(case, ACCOUNT):
        found.append(Blocker("approval.open", _("A proposal waits for a second person already.")))
    found += _chosen(case, leg, (LegState.FAILED,), to_consumer=True)
    return found + missing(reason, "reason", _("Say how it is known that the account is closed.")) + too_long(reason, "reason", PART_LIMIT)  # fmt: skip


def blockers_to_approve_account(
    case: Refund, actor: Actor, *, now: datetime, verdict: Any = UNASKED, payload: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """Another human than whoever proposed and whoever handles; the leg is still the one that failed. Source: house four eyes."""
    found = approvals.blockers_to_answer(case, actor, ACCOUNT, verdict=verdict, payload=payload, reason=reason)
    approval = approvals.waiting_for(case, ACCOUNT)
    if approval and not found and verdict == Approval.Verdict.APPROVED:
        wanted = approvals.request_of(approval)["leg"]
        if wanted not in {str(leg.pk) for leg in case.failed_legs}:
            found.append(Blocker("proposal.outdated", _("The case has moved on since this was proposed. Return it.")))
    return found


def blockers_to_confirm_leg(
    case: Refund, actor: Actor, *, now: datetime, leg: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    """What the core system has no order for is settled by hand and shown: coupons, what other parties owe one another."""
    found = handler_only(case, actor, "refunds.confirm_leg") + only_while(case, State.REVERSING, State.STUCK)
    if not found and not hand_legs(case):
        found.append(Blocker("leg.none_by_hand", _("Nothing waits to be settled by hand.")))
    if leg is not UNASKED and (leg is None or leg.pk not in {one.pk for one in hand_legs(case)}):
        found.append(Blocker("leg.unknown", _("Choose one of the legs."), field="leg"))
    elif leg is not UNASKED and leg.kind == LegKind.LOAN_END and _others_open(case):
        found.append(Blocker("leg.last", _("The loan ends last: another leg is not confirmed yet."), field="leg"))
    found += missing(evidence, "evidence", _("Name what shows that it was settled."))
    return found + too_long(evidence, "evidence", 2_000)


def _others_open(case: Refund) -> bool:
    return any(leg.state not in DONE for leg in case.money_legs if leg.kind != LegKind.LOAN_END)


def hand_legs(case: Refund) -> list[Leg]:
    """What waits to be settled by hand; the end of a loan returned in part comes last."""
    found = [leg for leg in case.known_legs if leg.by_hand and leg.state == LegState.WAITING]
    return sorted(found, key=lambda leg: leg.kind == LegKind.LOAN_END)


def _chosen(case: Refund, leg: Any, states: tuple[LegState, ...], *, to_consumer: bool = False) -> list[Blocker]:
    if leg is UNASKED:
        return []
    mine = own_leg(case, leg)
    if mine is not None and mine.state in states and (mine.is_to_consumer or not to_consumer):
        return []
    return [Blocker("leg.unknown", _("Choose one of the legs."), field="leg")]


def blockers_to_correct(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Every leg of money is confirmed or was not needed. Source: house return money."""
    found = no_power(actor, "refunds.correct") + wrong_state(case, case.mark_correcting)
    if not found and not case.is_settled:
        found.append(Blocker("leg.open", _("Not every leg is confirmed yet."), "house return money"))
    return found


def blockers_to_complete(case: Refund, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "refunds.complete") + wrong_state(case, case.mark_completed)
    leg = case.credit_leg
    if not found and (leg is None or leg.state != LegState.CONFIRMED):
        found.append(Blocker("credit.open", _("The credit record is not corrected yet."), "ZX2013 art 25"))
    return found


def blockers_to_issue_certificate(
    case: Refund, actor: Actor, *, now: datetime, file: Any = UNASKED, code: Any = UNASKED, template: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, "refunds.issue_certificate") + only_while(case, State.COMPLETED)
    if not found and Document.objects.filter(case_id=case.pk, kind=Document.Kind.CERTIFICATE).exists():
        found.append(Blocker("certificate.issued", _("The certificate was issued already.")))
    return found
