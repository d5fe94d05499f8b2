"""May help with a police report be opened, begun, declined or withdrawn, and in which capacity."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.handling.rules import no_vote_waits
from cases.models import Case
from cases.police.models import PoliceReport
from cases.police.states import BEFORE, FINAL, Capacity
from cases.queries import complainant_of
from cases.rules import (
    PART_LIMIT,
    ended,
    handler_only,
    missing,
    no_power,
    only_while,
    other_unit,
    too_long,
    wrong_state,
)
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

EVIDENCE_LIMIT = 2_000
CAPACITY = "GACX2020 art 179"


def blockers_to_request(
    case: None, actor: Actor, *, now: datetime, origin: Case, capacity: Any = UNASKED, wish: Any = UNASKED
) -> list[Blocker]:
    """Out of a case that goes on, for somebody who asked for it; one at a time."""
    return no_power(actor, "police.request") + blockers_to_open(origin, capacity=capacity, wish=wish)


def blockers_to_open(origin: Case, *, capacity: Any = UNASKED, wish: Any = UNASKED) -> list[Blocker]:
    """What must be true of the case it comes out of; the verb that opens it asks this too."""
    found = ended(origin)
    if complainant_of(origin) is None:
        found.append(Blocker("contact.none", _("Nobody is known who could report anything.")))
    if not found and goes_on(origin):
        found.append(Blocker("police.open", _("Such a case goes on already. End it before another is opened.")))
    found += _capacity(capacity) + missing(wish, "wish", _("Say where the consumer asked for it."))
    return found + too_long(wish, "wish", EVIDENCE_LIMIT)


def goes_on(origin: Case) -> bool:
    return PoliceReport.objects.filter(origin_id=origin.pk).exclude(state__in=FINAL).exists()


def _capacity(capacity: Any) -> list[Blocker]:
    if capacity is UNASKED or capacity in Capacity.values:
        return []
    message = _("Say in which capacity: it decides which remedies there are.")
    return [Blocker("capacity.unknown", message, CAPACITY, "capacity")]


def blockers_to_begin(case: PoliceReport, actor: Actor, *, now: datetime) -> list[Blocker]:
    return handler_only(case, actor, "police.begin") + wrong_state(case, case.mark_preparing)


def blockers_to_decline(case: PoliceReport, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """By somebody above the handler, with a reason the consumer reads. The way to the police stays open whatever we say."""
    found = no_power(actor, "police.decline") + other_unit(case, actor) + wrong_state(case, case.mark_declined)
    if actor.is_staff and case.assignee_id == actor.id:
        found.append(Blocker("actor.own_work", _("You handle this case. Another person must decline it.")))
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_withdraw(case: PoliceReport, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """The consumer may, or staff who can show that the consumer wants it. What was reported is not ours to take back."""
    found = handler_only(case, actor, "police.withdraw") + wrong_state(case, case.mark_withdrawn) + no_vote_waits(case)
    if case.is_own:
        found.append(
            Blocker("own.no_consumer", _("The house reports for itself: a supervisor decides that it does not."))
        )
    if actor.is_staff:
        found += missing(evidence, "evidence", _("Name the writing or the recorded call in which it was said."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_state_capacity(
    case: PoliceReport, actor: Actor, *, now: datetime, capacity: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """Corrected until the police have given a receipt: from then on it is what they wrote. What is voted on stays as it is. Source: GACX2020 art 171."""
    found = handler_only(case, actor, "police.state_capacity") + only_while(case, *BEFORE)
    found += no_vote_waits(case) + _capacity(capacity)
    if capacity is not UNASKED and capacity == case.capacity:
        found.append(Blocker("capacity.same", _("This is the capacity already."), field="capacity"))
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
