"""May a complaint be carried to the police with our help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.complaints.models import Complaint
from cases.police.rules.cooperating import own_report
from cases.police.rules.opening import blockers_to_open
from cases.rules import handler_only, no_power, other_unit
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_open_police_report(
    case: Complaint, actor: Actor, *, now: datetime, capacity: Any = UNASKED, wish: Any = UNASKED
) -> list[Blocker]:
    """By the handler with the consumer's wish on record, or by the consumer, while the complaint goes on. Source: house R21."""
    found = handler_only(case, actor, "complaints.open_police_report")
    said = wish if actor.is_staff else UNASKED
    return found + blockers_to_open(case, capacity=capacity, wish=said)


def blockers_to_open_house_report(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    capacity: Any = UNASKED,
    about: Any = UNASKED,
    numbers: Any = UNASKED,
) -> list[Blocker]:
    """By somebody of the unit who answers for such reports, whether the complaint goes on or has ended."""
    found = no_power(actor, "complaints.open_house_report") or other_unit(case, actor)
    concerning = [case] if numbers is UNASKED else [case, *numbers]
    return found + own_report(actor, capacity=capacity, about=about, concerning=concerning)
