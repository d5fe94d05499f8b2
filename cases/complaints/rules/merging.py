"""May one complaint go on in another, and may that be undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.clocks.steps import is_late
from cases.complaints.house_rules import house_rules
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.states import State
from cases.models import Approval
from cases.queries import complainant_of
from cases.rules import handler_only, missing, no_power, other_unit, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

ART = "O2020-3 art 18"
MERGE = "complaints.merge"
OPEN = (State.RECEIVED, State.SUPPLEMENTING, State.INVESTIGATING)


def of_the_same_person(case: Complaint) -> QuerySet[Complaint]:
    """Open complaints of the same consumer, by person or by the telephone of the complainant, earliest first."""
    party = complainant_of(case)
    same = Q(consumer_id=case.consumer_id) if case.consumer_id else Q(pk=None)
    if party and party.phone_index:
        same |= Q(parties__role=party.role, parties__phone_index=party.phone_index)
    others = Complaint.objects.filter(same, state__in=OPEN, is_historical=False).exclude(pk=case.pk)
    return others.distinct().order_by("received_at", "pk")


def blockers_to_ask_merge(
    case: Complaint, actor: Actor, *, now: datetime, into: Any = UNASKED, same_matter: Any = UNASKED
) -> list[Blocker]:
    """The same person, the same matter, inside the period of the other complaint. Source: O2020-3 art 18."""
    found = handler_only(case, actor, "complaints.ask_merge") + wrong_state(case, case.mark_merged)
    if approvals.waiting_for(case, MERGE):
        found.append(Blocker("approval.open", _("This waits for a second person already.")))
    if into is not UNASKED:
        found += into_other(case, into, now=now)
    found += missing(same_matter, "same_matter", _("Say why it is the same matter."), ART)
    return found + too_long(same_matter, "same_matter", PART_LIMIT)


def into_other(case: Complaint, into: Complaint | None, *, now: datetime) -> list[Blocker]:
    """Why `case` may not go on in `into`."""
    if into is None or into.pk == case.pk:
        return [Blocker("into.missing", _("Choose the complaint in which this one goes on."), ART, "into")]
    found = []
    if into.state not in OPEN or into.is_historical:
        found.append(
            Blocker(
                "into.not_open", _("The other complaint is decided or has ended; nothing can go on in it."), ART, "into"
            )
        )
    elif not of_the_same_person(case).filter(pk=into.pk).exists():
        found.append(Blocker("into.other_person", _("The other complaint is another person's."), ART, "into"))
    clock = clocks.running(into, family="CMP")
    if clock is not None and clock.due_at is not None and is_late(now, clock.due_at):
        found.append(
            Blocker(
                "into.period_over",
                _("The time limit of the other complaint is over; a repeat is a new complaint."),
                ART,
                "into",
            )
        )
    if approvals.waiting_for(into, MERGE):
        found.append(Blocker("into.merging", _("The other complaint is itself about to be merged."), ART, "into"))
    return found


def merge_target(case: Complaint) -> Complaint | None:
    """The complaint named in the request that waits."""
    approval = approvals.waiting_for(case, MERGE)
    return Complaint.objects.filter(number=approvals.request_of(approval)["into"]).first() if approval else None


def blockers_to_merge(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    verdict: Any = UNASKED,
    payload: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """Whether the two may be merged is asked again: days may have passed since it was proposed."""
    found = approvals.blockers_to_answer(case, actor, MERGE, verdict=verdict, payload=payload, reason=reason)
    if verdict == Approval.Verdict.RETURNED:
        return found
    found += wrong_state(case, case.mark_merged)
    into = merge_target(case)
    return found + ([b for b in into_other(case, into, now=now) if b.code != "into.merging"] if into else [])


def blockers_to_unmerge(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "complaints.unmerge") + other_unit(case, actor)
    wrong = wrong_state(case, case.mark_unmerged)
    found = [*found, *wrong]
    if not wrong:
        days = house_rules().unmerge_days
        if case.merged_at is None or now > case.merged_at + timedelta(days=days):
            message = format_lazy(_("A merge can be undone for {days} days."), days=days)
            found.append(Blocker("merge.too_old", message, "house unmerge"))
        if case.merged_into is None or case.merged_into.state not in OPEN:
            found.append(
                Blocker("into.not_open", _("The other complaint is decided or has ended; nothing can be undone."))
            )
    return (
        found
        + missing(reason, "reason", _("Say why the two are not the same matter."))
        + too_long(reason, "reason", PART_LIMIT)
    )


def blockers_to_count_repeat(case: Complaint, actor: Actor, *, now: datetime, **other: Any) -> list[Blocker]:
    """Only as part of a merge or its undoing."""
    return no_power(actor, "complaints.count_repeat")
