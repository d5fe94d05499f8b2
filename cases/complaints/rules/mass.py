"""May a mass event be formed, may a case join it or leave it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.rules import ended, missing, no_power, other_unit, too_long
from cases.ties.models import Cluster, MassEvent
from jike.accounts.models import Unit
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

MASS = "mass"
NAME_LIMIT = 60


def blockers_to_form_mass(case: Complaint, actor: Actor, *, now: datetime, name: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "complaints.form_mass") + other_unit(case, actor) + ended(case) + _in_one(case)
    return found + missing(name, "name", _("Give the mass event a name.")) + too_long(name, "name", NAME_LIMIT)


def blockers_to_join_mass(case: Complaint, actor: Actor, *, now: datetime, event: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "complaints.join_mass") + other_unit(case, actor) + ended(case) + _in_one(case)
    return found + ([] if event is UNASKED else no_such_event(event, case))


def blockers_to_leave_mass(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "complaints.leave_mass") + other_unit(case, actor)
    if MASS not in case.flags:
        found.append(Blocker("case.not_in_mass", _("This case is in no mass event.")))
    found += missing(reason, "reason", _("Say why it does not belong to the event."))
    return found + too_long(reason, "reason", PART_LIMIT)


def no_such_event(event: MassEvent | None, case: Complaint) -> list[Blocker]:
    """Asked again with the event locked: it may have ended while somebody chose it."""
    if event is None or event.ended_at is not None or event.unit_id != case.unit_id:
        return [Blocker("event.unknown", _("Choose a mass event of this unit that has not ended."), field="event")]
    return []


def cluster_taken(cluster: Cluster | None, unit: Unit) -> list[Blocker]:
    """Two people look at one cluster at once: the second joins what the first has formed."""
    if cluster is None or not cluster.events.filter(unit=unit, ended_at=None).exists():
        return []
    message = _("A mass event was formed from this cluster already. Let the cases join that one.")
    return [Blocker("cluster.has_event", message, field="name")]


def _in_one(case: Complaint) -> list[Blocker]:
    if MASS not in case.flags:
        return []
    message = format_lazy(_("{number} is in a mass event already. Let it leave that one first."), number=case.number)
    return [Blocker("case.in_mass", message)]
