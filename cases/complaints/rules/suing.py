"""May a complaint be carried to court."""

from __future__ import annotations

from datetime import datetime

from cases.complaints.models import Complaint
from cases.litigation.rules.opening import blockers_to_open
from cases.rules import ended, handler_only
from jike.base.actors import Actor
from jike.base.errors import Blocker


def blockers_to_open_litigation(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    """By the handler or the consumer, while the complaint goes on. Source: O2020-3 art 19, CPL art 15."""
    return handler_only(case, actor, "complaints.open_litigation") + ended(case) + blockers_to_open(case)
