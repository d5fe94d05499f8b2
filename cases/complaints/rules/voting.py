"""May a second person answer what waits: approve it, or return it with a reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.models import Approval
from cases.rules import missing, no_power, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

VERDICTS = (Approval.Verdict.APPROVED, Approval.Verdict.RETURNED)


def blockers_to_answer(
    case: Complaint, actor: Actor, verb: str, *, verdict: Any, payload: Any, reason: Any
) -> list[Blocker]:
    """`verb` waits for a vote, the voter is another human with its power, and a return says why. Source: house four eyes."""
    found = no_power(actor, verb)
    found += approvals.blockers_to_vote(case, actor, approvals.waiting_for(case, verb), payload=payload)
    if verdict is not UNASKED and verdict not in VERDICTS:
        found.append(Blocker("verdict.missing", _("Approve or return."), field="verdict"))
    if verdict == Approval.Verdict.RETURNED:
        found += missing("" if reason is UNASKED else reason, "reason", _("Say what must be improved."))
    return found + too_long(reason, "reason", PART_LIMIT)
