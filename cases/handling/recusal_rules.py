"""May somebody be kept from a case, and who may say so. Source: O2020-3 art 17."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Case, Recusal
from cases.recusals import is_subordinate
from cases.rules import PART_LIMIT, ended, missing, no_power, not_own_case, other_unit, power_of, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

GROUNDS = ("interest", "relative", "named", "merchant", "other")
ART = "O2020-3 art 17"


def blockers_to_recuse(
    case: Case, actor: Actor, *, now: datetime, ground: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, power_of(case, "recuse"))
    if ground is not UNASKED and ground not in GROUNDS:
        found.append(Blocker("ground.unknown", _("Choose the ground."), ART, "ground"))
    return found + _reason(reason)


def blockers_to_request_recusal(
    case: Case, actor: Actor, *, now: datetime, reason: Any = UNASKED, of: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, power_of(case, "request_recusal")) or not_own_case(case, actor)
    found += ended(case) + _reason(reason)
    whom = case.assignee if of in (UNASKED, None) else of
    if whom is None and of is not UNASKED:
        found.append(Blocker("recusal.nobody", _("Nobody handles the case; say who is to be recused."), ART, "of"))
    elif whom is not None and whom.person == actor.person:
        found.append(Blocker("recusal.oneself", _("Recuse yourself instead: it is effective at once."), ART))
    elif whom is not None and whom.person in case.recused_people:
        found.append(Blocker("recusal.already", _("This person is recused already."), ART, "of"))
    if waiting_request(case):
        found.append(Blocker("recusal.waiting", _("A request for recusal waits already."), ART))
    return found


def blockers_to_decide_recusal(
    case: Case, actor: Actor, *, now: datetime, verdict: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, power_of(case, "decide_recusal")) + _not_of_the_unit(case, actor)
    row = waiting_request(case)
    if row is None:
        return [*found, Blocker("recusal.none", _("No request for recusal waits."))]
    if actor.person in (row.person, row.asked_person):
        found.append(Blocker("actor.own_work", _("You are the person, or asked yourself. Somebody else decides."), ART))
    elif is_subordinate(actor, row.user):
        found.append(Blocker("actor.subordinate", _("You work below this person. Somebody above them decides."), ART))
    if verdict is not UNASKED and verdict not in ("granted", "refused"):
        found.append(Blocker("verdict.unknown", _("Grant or refuse the recusal."), ART, "verdict"))
    return found + _reason(reason)


def blockers_to_lift_recusal(
    case: Case, actor: Actor, *, now: datetime, of: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, power_of(case, "lift_recusal")) + _not_of_the_unit(case, actor)
    if not case.recused_people:
        found.append(Blocker("recusal.none_in_force", _("Nobody is recused from this case.")))
    elif of is not UNASKED and (of is None or of.person not in case.recused_people):
        found.append(Blocker("recusal.not_this", _("This person is not recused from the case."), ART, "of"))
    elif of is not UNASKED and is_subordinate(actor, of):
        found.append(Blocker("actor.subordinate", _("You work below this person. Somebody above them decides."), ART))
    return found + _reason(reason)


def blockers_to_recuse_by_relation(
    case: Case, actor: Actor, *, now: datetime, of: Recusal | None = None
) -> list[Blocker]:
    return no_power(actor, power_of(case, "recuse_by_relation"))


def waiting_request(case: Case) -> Recusal | None:
    return next((row for row in case.open_recusals if row.decided_at is None and row.effective_at is None), None)


def _not_of_the_unit(case: Case, actor: Actor) -> list[Blocker]:
    return [] if actor.can("approvals.vote_all") else other_unit(case, actor)


def _reason(reason: Any) -> list[Blocker]:
    return missing(reason, "reason", _("Give the reason."), ART) + too_long(reason, "reason", PART_LIMIT)
