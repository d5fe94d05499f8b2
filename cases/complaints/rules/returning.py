"""May a request that waits for a second person be returned to its asker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.rules import missing, no_power, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_return_request(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """Whoever may approve a request may return it, with a reason. A decision has a verb of its own for that."""
    found = no_power(actor, "complaints.return_request")
    approval = None if found else approvals.request_waiting(case, actor, payload=payload or "")
    if approval:
        found += no_power(actor, approval.power)
    found += approvals.blockers_to_vote(case, actor, approval, payload=payload)
    return found + missing(reason, "reason", _("Say what must be improved.")) + too_long(reason, "reason", PART_LIMIT)
