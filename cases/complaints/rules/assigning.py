"""May a complaint be transferred to another unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.handling.rules import no_vote_waits
from cases.rules import ended, missing, no_power, other_unit, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

ACCEPT_TRANSFER = "complaints.accept_transfer"


def blockers_to_transfer(
    case: Complaint, actor: Actor, *, now: datetime, to: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, "complaints.transfer") + other_unit(case, actor) + ended(case) + no_vote_waits(case)
    if to is None or (to is not UNASKED and to.pk == case.unit_id):
        found.append(Blocker("unit.missing", _("Choose another unit."), field="to"))
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_accept_transfer(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    return no_power(actor, ACCEPT_TRANSFER) + _blockers_to_answer(case, actor)


def blockers_to_return_transfer(
    case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, "complaints.return_transfer") + _blockers_to_answer(case, actor)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def _blockers_to_answer(case: Complaint, actor: Actor) -> list[Blocker]:
    waiting = approvals.waiting_for(case, ACCEPT_TRANSFER)
    if waiting is None:
        return [Blocker("transfer.none", _("No transfer of this case waits for an answer."))]
    return ended(case) + approvals.blockers_to_vote(case, actor, waiting)
