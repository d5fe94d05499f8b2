"""May the house report for itself, and may a request of an authority be recorded and answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.police.house_rules import house_rules
from cases.police.models import Cooperation, PoliceReport
from cases.police.rules.opening import CAPACITY, EVIDENCE_LIMIT
from cases.police.rules.packs import R55, RECIPIENT_LIMIT
from cases.police.rules.reporting import impossible
from cases.police.states import AFTER, BEFORE, Capacity
from cases.queries import sight_of
from cases.rules import handler_only, missing, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_open_own(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    capacity: Any = UNASKED,
    about: Any = UNASKED,
    concerning: Sequence[Case] = (),
) -> list[Blocker]:
    """By whoever may, about own losses; cases it concerns are named by somebody who sees them whole."""
    return no_power(actor, "police.open_own") + own_report(actor, capacity=capacity, about=about, concerning=concerning)


def own_report(actor: Actor, *, capacity: Any, about: Any, concerning: Any) -> list[Blocker]:
    """What must be true of the report; the verb that opens it asks this too."""
    found = []
    if capacity is not UNASKED and capacity not in Capacity.values:
        message = _("Say in which capacity: it decides which remedies there are.")
        found.append(Blocker("capacity.unknown", message, CAPACITY, "capacity"))
    found += missing(about, "about", _("Say what the house wants to report.")) + too_long(
        about, "about", EVIDENCE_LIMIT
    )
    unseen = [
        one
        for one in concerning or ()
        if concerning is not UNASKED and actor.is_staff and sight_of(one, actor) != "full"
    ]
    if unseen:
        found.append(Blocker("concerning.unseen", _("Name only cases that you may read."), R55, "numbers"))
    return found


def blockers_to_record_request(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    authority: Any = UNASKED,
    basis: Any = UNASKED,
    reference: Any = UNASKED,
    wanted: Any = UNASKED,
    asked_on: Any = UNASKED,
) -> list[Blocker]:
    """Which authority asked for what, on which legal basis and by which paper. Source: house R55."""
    found = handler_only(case, actor, "police.record_request") + only_while(case, *BEFORE, *AFTER)
    found += missing(authority, "authority", _("Name the authority.")) + too_long(
        authority, "authority", RECIPIENT_LIMIT
    )
    if basis is not UNASKED and basis not in house_rules().bases:
        found.append(Blocker("basis.unknown", _("Say on what legal basis."), R55, "basis"))
    found += missing(reference, "reference", _("Say where the consent or the request is found."), R55)
    found += missing(wanted, "wanted", _("Say what is asked for."))
    found += too_long(reference, "reference", EVIDENCE_LIMIT) + too_long(wanted, "wanted", EVIDENCE_LIMIT)
    return found + impossible(asked_on, "asked_on", now=now)


def open_requests(case: PoliceReport) -> list[Cooperation]:
    return [row for row in case.known_requests if not row.answer]


def blockers_to_answer_request(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    request: Any = UNASKED,
    answer: Any = UNASKED,
    pack: Any = UNASKED,
    given: Any = UNASKED,
    answered_on: Any = UNASKED,
) -> list[Blocker]:
    """Once. Data of people leave only as a pack that a second person let out and that was handed over. Source: house R55, house four eyes."""
    found = handler_only(case, actor, "police.answer_request") + only_while(case, *BEFORE, *AFTER)
    known = {row.pk: row for row in open_requests(case)}
    if not known:
        return [*found, Blocker("request.none", _("No request waits for an answer."))]
    if request is UNASKED:
        return found
    row = known.get(request.pk) if request else None
    if row is None:
        return [*found, Blocker("request.unknown", _("Choose a request that waits."), field="request")]
    if answer not in (Cooperation.Answer.PACK, Cooperation.Answer.PLAIN, Cooperation.Answer.REFUSED):
        found.append(Blocker("answer.unknown", _("Say what was given."), field="answer"))
    handed = {one.pk for one in case.known_packs if one.takings.all()}
    if answer == Cooperation.Answer.PACK and (pack is None or pack is UNASKED or pack.pk not in handed):
        message = _("Choose a pack that a second person let out and that was handed over.")
        found.append(Blocker("pack.not_handed", message, "house four eyes", "pack"))
    elif answer != Cooperation.Answer.PACK and pack not in (None, UNASKED):
        found.append(Blocker("pack.contradicts", _("Nothing of a pack was given."), field="pack"))
    if answer != Cooperation.Answer.PACK:
        found += missing(given, "given", _("Say what was answered."))
    since = row.asked_on if isinstance(answered_on, date) else None
    return (
        found + too_long(given, "given", EVIDENCE_LIMIT) + impossible(answered_on, "answered_on", now=now, since=since)
    )
