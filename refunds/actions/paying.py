"""Money on its way back: the legs and their orders, followed until each is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from cases.notices.actions import tell_about
from cases.notices.people import People
from jike.accounts.roles import machine_actor
from jike.base.actors import Actor
from jike.base.money import from_cents
from jike.verbs import verb
from lending.orders.stops import is_stopped
from refunds import booking, facts, words
from refunds.actions.asking import MACHINE, advance_later
from refunds.models import Leg, Refund
from refunds.rules import paying as rules
from refunds.states import Basis, LegKind, LegState


@verb(
    Refund, "refunds.reverse", label=_("Money sent on its way back"), blockers=rules.blockers_to_reverse, category="money", by_hand=False
)  # fmt: skip
def reverse(case: Refund, *, actor: Actor, now: datetime) -> None:
    """Undo the loan as it stands now: legs, journal and orders in this transaction. The consumer's money goes first, the merchant's
    is claimed back afterwards and holds up nobody. Source: house return money.
    """
    document = facts.OfLoan(facts.loan_of(case)).document
    basis = Basis.PARTLY if case.served_bp is not None else facts.basis_of(document)
    settlement = facts.settlement_of(document, basis, at=now, served_bp=case.served_bp)
    if not is_stopped(case.loan_id):  # refused first: the stop was lifted
        booking.order_plain(case, LegKind.SUPPRESS, actor=machine_actor(MACHINE), now=now)
    case.mark_reversing(basis=basis, to_consumer_cents=settlement.to_consumer_cents, at=now)
    booking.book(case, settlement, basis, actor=actor, now=now)
    case.tell(basis=str(basis), legs=len(settlement.legs))
    words.tell(
        case,
        words.PAYING,
        now=now,
        amount=f"{from_cents(settlement.to_consumer_cents):,.2f}",
        is_goodwill=case.is_goodwill,
        is_partly=basis == Basis.PARTLY,
    )


@verb(
    Refund, "refunds.follow_leg", label=_("A leg went on"), blockers=rules.blockers_to_follow_leg, category="money", by_hand=False
)  # fmt: skip
def follow_leg(case: Refund, *, actor: Actor, now: datetime, leg: Leg, doubt: str = "") -> None:
    """Take over how the leg's order stands. Told again, it changes nothing: a leg is confirmed once. Source: house orders."""
    mine = cast(Leg, rules.own_leg(case, leg))
    mine.state = rules.state_told(mine, doubt=doubt)
    if mine.state in (LegState.CONFIRMED, LegState.FAILED):
        mine.ended_at = now
    mine.save(update_fields=["state", "ended_at"])
    case.tell(leg=mine.seq, leg_kind=mine.kind, leg_state=str(mine.state), **({"doubt": doubt} if doubt else {}))
    if mine.state == LegState.FAILED and not case.is_superseded(mine):
        _alert(case, "order.failed", now=now)
    advance_later(case, now=now)


@verb(
    Refund, "refunds.go_on", label=_("A leg that waited goes on"), blockers=rules.blockers_to_go_on, category="money", by_hand=False
)  # fmt: skip
def go_on(case: Refund, *, actor: Actor, now: datetime) -> None:
    """Order the legs whose debit under way has come, or that waited for the money in hand; book back those whose debit failed."""
    for leg, what in rules.ready_legs(case):
        if what == "order":
            booking.order_waiting(case, leg, actor=actor, now=now)
        else:
            booking.void(case, leg, now=now)
        case.tell(**{f"leg_{leg.seq}": what})
    advance_later(case, now=now)


@verb(
    Refund, "refunds.stick", label=_("A person has to look"), blockers=rules.blockers_to_stick, category="money", by_hand=False
)  # fmt: skip
def stick(case: Refund, *, actor: Actor, now: datetime, code: str) -> None:
    """reversing -> stuck: an order failed, was silent too long, or what was told of it does not fit. Supervisors are told.

    A doubt that comes while a person looks already takes the place of what it waited for.
    """
    case.mark_stuck(code=code)
    case.tell(code=code)
    _alert(case, code, now=now)


@verb(
    Refund, "refunds.alert", label=_("People told of a doubt about an order"), blockers=rules.blockers_to_alert, category="money", by_hand=False
)  # fmt: skip
def alert_people(case: Refund, *, actor: Actor, now: datetime, code: str, leg: Leg) -> None:
    """Handler and supervisors hear of an order that does not stop the return: what was told of it does not fit, before the money
    moves or after it was confirmed; or nobody answers about the stop or the credit record. Source: house orders.
    """
    mine = cast(Leg, rules.own_leg(case, leg))
    case.tell(leg=mine.seq, code=code, order=str(mine.order_id))
    _alert(case, code, now=now)


@verb(Refund, "refunds.carry_on", label=_("Let it go on"), blockers=rules.blockers_to_carry_on, category="money")
def carry_on(case: Refund, *, actor: Actor, now: datetime) -> None:
    """stuck -> reversing: everything is answered, or on its way again."""
    case.mark_resumed()
    advance_later(case, now=now)


def _alert(case: Refund, code: str, *, now: datetime) -> None:
    people = People({case.unit_id}, {case.assignee_id})
    told = {
        user.pk: user for user in (*people.handler(case.assignee_id, case.unit_id), *people.supervisors(case.unit_id))
    }
    tell_about(case, told.values(), "return.stuck", key=f"stuck:{case.pk}:{case.version + 1}", now=now, why=code)
