"""Who speaks for whom: each side for itself, staff only for what a side said and can be shown to have said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.states import Side
from cases.models import Case
from cases.rules import missing, no_power, not_assigned, not_own_case, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

EVIDENCE_LIMIT = 2_000


def side_of(actor: Actor, side: str = "") -> str:
    """The side that speaks: a party its own, whatever it says; staff the one they write down for; empty for nobody."""
    return actor.kind if actor.kind in Side.values else side


def may_act(case: Mediation, actor: Actor, power: str, *, now: datetime) -> list[Blocker]:
    """The power; for staff the assignment, for the consumer the own case, for the merchant a link in force to this very case."""
    if found := no_power(actor, power):
        return found
    return [*not_assigned(case, actor), *not_own_case(case, actor), *no_link(case, actor, now=now)]


def no_link(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """A merchant is whoever holds a confirmed link to this case that has neither ended nor been revoked."""
    return _unless_in_force(actor, MerchantLink.objects.filter(case_id=case.pk), now=now)


def no_link_from(origin: Case, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The same, asked in the case that is mediated: the link is of a mediation of it, with the merchant it still names."""
    links = MerchantLink.objects.filter(case__origin_id=origin.pk, case__merchant_id=origin.merchant_id)
    return _unless_in_force(actor, links, now=now)


def _unless_in_force(actor: Actor, links: QuerySet[MerchantLink], *, now: datetime) -> list[Blocker]:
    if actor.kind != "merchant":
        return []
    in_force = links.filter(pk=actor.id, revoked_at=None, confirmed_at__isnull=False, expires_at__gte=now)
    if actor.id is not None and in_force.exists():
        return []
    message = _("This link has ended, was revoked, or opens another case. Ask us for a new one.")
    return [Blocker("actor.no_link", message)]


def blockers_to_speak(
    case: Mediation,
    actor: Actor,
    power: str,
    *,
    now: datetime,
    side: Any = UNASKED,
    evidence: Any = UNASKED,
    sides: tuple[str, ...] = tuple(Side.values),
) -> list[Blocker]:
    """`may_act`, and that one of `sides` speaks; what staff write down for a side names where it was said."""
    found = may_act(case, actor, power, now=now)
    speaks = side_of(actor, "" if side is UNASKED else str(side or ""))
    if speaks and speaks not in sides:
        found.append(Blocker("side.other", _("This is for the other side to say."), field="side"))
    if actor.is_staff:
        if side is not UNASKED:
            found += missing(side, "side", _("Say which side said so."))
        found += missing(evidence, "evidence", _("Name the writing or the recorded call in which it was said."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)
