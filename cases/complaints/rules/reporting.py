"""May a complaint be carried to the police with our help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.complaints.models import Complaint
from cases.police.rules.opening import blockers_to_open
from cases.rules import handler_only
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_open_police_report(
    case: Complaint, actor: Actor, *, now: datetime, capacity: Any = UNASKED, wish: Any = UNASKED
) -> list[Blocker]:
    """By the handler with the consumer's wish on record, or by the consumer, while the complaint goes on. Source: house R21."""
    found = handler_only(case, actor, "complaints.open_police_report")
    said = wish if actor.is_staff else UNASKED
    return found + blockers_to_open(case, capacity=capacity, wish=said)
