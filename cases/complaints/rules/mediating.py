"""May a complaint be carried to negotiation or mediation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.complaints.models import Complaint
from cases.mediation.rules.opening import blockers_to_open
from cases.rules import handler_only
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_open_mediation(
    case: Complaint, actor: Actor, *, now: datetime, form: Any = UNASKED, body: Any = UNASKED
) -> list[Blocker]:
    """By the handler or the consumer, while the complaint goes on. Source: O2020-3 art 23."""
    found = handler_only(case, actor, "complaints.open_mediation")
    return found + blockers_to_open(case, form=form, body=body)
