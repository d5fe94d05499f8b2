"""The proposal for a loan whose service was given in part: what goes back, what stays. Pure, whole cents.

It binds nobody: the merchant and the consumer settle it in mediation. Source: house partly served.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from jike.base.money import part_of
from lending.loans.documents import WHOLE_BP, Document
from lending.loans.models import Kind, Role
from refunds.movements import Movement, movements_of
from refunds.settling import Leg, legs_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """Cents. `kept` is what the merchant keeps of the price, `remaining` the principal the consumer still repays.

    `over_repaid` is what the consumer repaid beyond that and gets back with the legs.
    """

    loan: str
    served_bp: int
    price: int
    kept: int
    remaining: int
    over_repaid: int
    legs: tuple[Leg, ...]


def propose(document: Document, served_bp: int, *, at: datetime) -> Proposal:
    """The proposal for `served_bp` hundredths of a percent served, as the loan stood at `at`.

    The served part of the price, of the costs and of what others paid one another stays, to the cent, half up; the rest goes
    back as in a full return. Repaid principal counts towards the served part of the loan; debits under way go back whole.
    A coupon comes back only when nothing was served. Raises ValueError for a proportion outside 0 to 10,000.
    Source: house partly served.
    """
    if not 0 <= served_bp <= WHOLE_BP:
        raise ValueError("a proportion lies between 0 and 10,000")
    told = movements_of(document, at=at)
    lent = [m for m in told if m.kind == Kind.PRINCIPAL and m.payer != Role.CONSUMER]
    price = [m for m in (*lent, *_down_payments(told)) if m.receiver == Role.MERCHANT]
    stays = sum(part_of(m.cents, served_bp, WHOLE_BP) for m in lent)
    repaid = [m for m in told if _is_repaid_principal(m)]
    over, back = _from_the_last(repaid, sum(m.cents for m in repaid) - stays)
    rest = [_unserved(m, served_bp) for m in told if not _is_repaid_principal(m)]
    return Proposal(
        loan=document.external_id,
        served_bp=served_bp,
        price=sum(m.cents for m in price),
        kept=sum(part_of(m.cents, served_bp, WHOLE_BP) for m in price),
        remaining=max(0, stays - sum(m.cents for m in repaid)),
        over_repaid=over,
        legs=legs_of(document.external_id, [*rest, *back]),
    )


def _down_payments(told: Iterable[Movement]) -> list[Movement]:
    return [m for m in told if m.kind == Kind.DOWN_PAYMENT and m.payer == Role.CONSUMER]


def _is_repaid_principal(movement: Movement) -> bool:
    return movement.kind == Kind.PRINCIPAL and movement.payer == Role.CONSUMER and not movement.awaited


def _unserved(movement: Movement, served_bp: int) -> Movement:
    if movement.awaited:
        return movement
    if movement.kind == Kind.COUPON:
        return movement if not served_bp else replace(movement, cents=0)
    return replace(movement, cents=movement.cents - part_of(movement.cents, served_bp, WHOLE_BP))


def _from_the_last(repaid: list[Movement], over: int) -> tuple[int, list[Movement]]:
    """The last repayments that make up what was paid too much."""
    left, found = max(0, over), []
    for movement in reversed(repaid):
        cents = min(left, movement.cents)
        left -= cents
        found.append(replace(movement, cents=cents))
    return max(0, over), found
