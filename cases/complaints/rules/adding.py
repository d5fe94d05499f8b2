"""May further facts be added, and may the count begin anew because of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints import counting
from cases.complaints.models import Complaint, NewFacts
from cases.complaints.rules.extending import no_count
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.rules.supplementing import foreign_files
from cases.complaints.states import State
from cases.models import Approval
from cases.rules import ended, handler_only, missing, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

ART = "O2020-3 art 18"
RESTART = "complaints.approve_restart"
OPEN = (State.RECEIVED, State.SUPPLEMENTING, State.INVESTIGATING, State.DECIDING)


def blockers_to_add_facts(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    text: Any = UNASKED,
    files: Any = UNASKED,
    received_at: Any = UNASKED,
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.add_facts") + ended(case)
    found += missing(text, "text", _("Say what is new.")) + too_long(text, "text", PART_LIMIT)
    if files is not UNASKED:
        found += foreign_files(case, files or (), "files")
    if received_at and not case.received_at <= received_at <= now:
        found.append(
            Blocker(
                "received_at.impossible",
                _("The material came between the complaint and now."),
                field="received_at",
            )
        )
    return found


def facts_to_count_from(case: Complaint) -> NewFacts | None:
    """The latest new facts that no request to count anew has named yet."""
    if not case.has("new_facts"):
        return None
    last = NewFacts.objects.filter(case_id=case.pk).order_by("-recorded_at", "-id").first()
    if last is None:
        return None
    asked = Approval.objects.filter(case_id=case.pk, verb=RESTART, asked_at__gte=last.recorded_at)
    return None if asked.exists() else last


def blockers_to_ask_restart(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """New facts or reasons restart the period; that they are new is for a second person to check. Source: O2020-3 art 18."""
    found = handler_only(case, actor, "complaints.ask_restart") + only_while(case, *OPEN)
    if found:
        return found
    if approvals.waiting_for(case, RESTART):
        found.append(Blocker("restart.asked", _("A request to count anew waits already."), ART))
    elif facts_to_count_from(case) is None:
        found.append(Blocker("facts.none", _("Nothing new came in. Record the new facts first."), ART))
    if counting.running(case) is None:
        found += no_count()
    found += missing(
        reason, "reason", _("Say what is new in fact or reason, and why it could not be known before."), ART
    )
    return found + too_long(reason, "reason", 2_000)


def blockers_to_approve_restart(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, RESTART) + only_while(case, *OPEN)
    if found:
        return found
    approval = approvals.waiting_for(case, RESTART)
    found += approvals.blockers_to_vote(case, actor, approval, payload=payload)
    return found + (no_count() if approval and counting.running(case) is None else [])
