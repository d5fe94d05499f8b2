"""May a claim be assessed, its limitation be counted, and a court be chosen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.litigation.assessment import COUNTRY, PROVINCES
from cases.litigation.counting import is_counted
from cases.litigation.limitation import PROCEEDINGS, Kind
from cases.litigation.models import LimitationFact, Litigation
from cases.litigation.rules.opening import EVIDENCE_LIMIT
from cases.litigation.states import BEFORE_COURT, BINDING, IN_COURT, LIVE, Dispute, State
from cases.rules import handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

ASSESSED_WHILE = tuple(state for state in BEFORE_COURT if state != State.REQUESTED)


def blockers_to_record_assessment(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    claim_cny: Any = UNASKED,
    dispute: Any = UNASKED,
    province: Any = UNASKED,
    knew_on: Any = UNASKED,
    harmed_on: Any = UNASKED,
    last_due_on: Any = UNASKED,
    **_places: Any,
) -> list[Blocker]:
    """Claim, kind of dispute, province and the days limitation runs from. Source: CPL art 165, CC art 188, CC art 189."""
    found = handler_only(case, actor, "litigation.record_assessment") + only_while(case, *ASSESSED_WHILE)
    if claim_cny is not UNASKED and not (isinstance(claim_cny, Decimal) and claim_cny > 0):
        found.append(Blocker("claim_cny.missing", _("Give the amount that is claimed."), "CPL art 122", "claim_cny"))
    if dispute is not UNASKED and dispute not in Dispute.values:
        found.append(Blocker("dispute.unknown", _("Choose the kind of dispute."), field="dispute"))
    if province is not UNASKED and (province not in PROVINCES or province == COUNTRY):
        found.append(Blocker("province.unknown", _("Choose the province of the court."), "CPL art 165", "province"))
    found += missing(knew_on, "knew_on", _("Give the day on which the harm and who answers for it were known."), "CC art 188")  # fmt: skip
    found += _in_the_past(knew_on, "knew_on", now) + _in_the_past(harmed_on, "harmed_on", now)
    if isinstance(harmed_on, date) and isinstance(knew_on, date) and harmed_on > knew_on:
        message = _("The harm was done before it was known, or on the same day.")
        found.append(Blocker("harmed_on.after_known", message, "CC art 188", "harmed_on"))
    return found


def _in_the_past(day: Any, field: str, now: datetime) -> list[Blocker]:
    if not isinstance(day, date) or day <= cst_date(now):
        return []
    return [Blocker(f"{field}.future", _("This day has not come yet."), field=field)]


def _unassessed(case: Litigation) -> list[Blocker]:
    if case.assessed_at:
        return []
    return [Blocker("assessment.none", _("The claim has not been assessed yet."))]


def blockers_to_record_interruption(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    kind: Any = UNASKED,
    on: Any = UNASKED,
    until: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Something that interrupts or suspends limitation, and can be shown. Source: CC art 194, CC art 195, LIM2020."""
    found = handler_only(case, actor, "litigation.record_interruption") + only_while(case, *LIVE) + _unassessed(case)
    if kind is not UNASKED and kind not in Kind.values:
        found.append(Blocker("kind.unknown", _("Say what happened."), "CC art 195", "kind"))
    found += missing(on, "on", _("Give the day.")) + _in_the_past(on, "on", now) + _in_the_past(until, "until", now)
    if isinstance(until, date):
        if isinstance(on, date) and until < on:
            found.append(Blocker("until.before", _("It cannot end before it began."), field="until"))
        if kind not in PROCEEDINGS | {Kind.OBSTACLE}:
            message = _("Only a proceeding or an obstacle has an end; a demand or a promise counts from its own day.")
            found.append(Blocker("until.none", message, field="until"))
    if kind == Kind.POLICE and any(fact.on == on for _report, fact in case.known_reports):
        message = _("This police report is counted already: its days are read in its own case.")
        found.append(Blocker("police.known", message, "house R49", "on"))
    found += missing(evidence, "evidence", _("Name the paper or record by which it can be shown."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_recount(case: Litigation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """What the count depends on is kept in another case and has changed there."""
    found = no_power(actor, "litigation.recount") + only_while(case, *LIVE)
    if is_counted(case):
        found.append(Blocker("limitation.same", _("Limitation is counted so already.")))
    return found


def open_facts(case: Litigation) -> list[LimitationFact]:
    """Proceedings and obstacles that go on, as far as is known. What goes on at this court ends by what the court does."""
    lasting = PROCEEDINGS | {Kind.OBSTACLE.value}
    going_on = [fact for fact in case.known_facts if fact.kind in lasting and fact.until is None]
    if case.filed_on is None or case.state not in (*IN_COURT, *BINDING):
        return going_on
    return [fact for fact in going_on if fact.kind != Kind.SUIT or fact.happened_on < case.filed_on]


def blockers_to_end_interruption(
    case: Litigation, actor: Actor, *, now: datetime, fact: Any = UNASKED, until: Any = UNASKED
) -> list[Blocker]:
    """The day from which the count begins anew, told once. Source: CC art 194, CC art 195."""
    found = handler_only(case, actor, "litigation.end_interruption") + only_while(case, *LIVE)
    known = {row.pk: row for row in open_facts(case)}
    if not known:
        found.append(Blocker("fact.none", _("Nothing goes on that stands against limitation.")))
    elif fact is not UNASKED and (fact is None or fact.pk not in known):
        found.append(Blocker("fact.unknown", _("Choose what has ended."), field="fact"))
    elif fact is not UNASKED and isinstance(until, date) and until < known[fact.pk].happened_on:
        found.append(Blocker("until.before", _("It cannot end before it began."), field="until"))
    return found + missing(until, "until", _("Give the day.")) + _in_the_past(until, "until", now)


def blockers_to_collect(
    case: Litigation, actor: Actor, *, now: datetime, ground: Any = UNASKED, court: Any = UNASKED
) -> list[Blocker]:
    """A court is chosen among those that can be; then the papers are prepared. Source: CPL art 36."""
    found = handler_only(case, actor, "litigation.collect") + wrong_state(case, case.mark_collecting)
    found += _unassessed(case)
    if not found and ground is not UNASKED and ground not in {one.ground for one in case.candidates}:
        message = _("Choose one of the courts that the assessment leaves open.")
        found.append(Blocker("ground.unknown", message, "CPL art 36", "ground"))
    return found + missing(court, "court", _("Name the court.")) + too_long(court, "court", 80)
