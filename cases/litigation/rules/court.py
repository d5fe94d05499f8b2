"""What the court does: accepting or turning down, evidence periods, hearings, served papers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.bundles.queries import is_released
from cases.litigation.house_rules import EvidenceDays, house_rules
from cases.litigation.models import Hearing, Litigation, Served
from cases.litigation.rules.opening import EVIDENCE_LIMIT
from cases.litigation.states import BINDING, IN_COURT, ON_THE_DOCKET, Procedure, Rejection, State
from cases.rules import handler_only, missing, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

SERVED_WHILE = (*IN_COURT, State.COURT_REJECTED, *BINDING)


def day_between(day: Any, field: str, *, first: date | None, now: datetime) -> list[Blocker]:
    """The day was asked for, has come, and does not lie before `first`."""
    found = missing(day, field, _("Give the day."))
    if isinstance(day, date) and not (first or date.min) <= day <= cst_date(now):
        message = _("The day lies before what went before it, or has not come yet.")
        found.append(Blocker(f"{field}.impossible", message, field=field))
    return found


def blockers_to_file(
    case: Litigation, actor: Actor, *, now: datetime, filed_on: Any = UNASKED, receipt: Any = UNASKED
) -> list[Blocker]:
    """What is final goes to the court, its bundle let out by a second person. Source: CPL art 123, house four eyes."""
    found = handler_only(case, actor, "litigation.file") + wrong_state(case, case.mark_filed)
    if case.known_seal and not is_released(case.known_seal.bundle):
        message = _("A second person must release the bundle of the evidence first.")
        found.append(Blocker("bundle.not_released", message, "house four eyes"))
    first = cst_date(case.known_seal.sealed_at) if case.known_seal else None
    found += day_between(filed_on, "filed_on", first=first, now=now)
    found += missing(receipt, "receipt", _("Name the court's receipt, or how it was handed in."))
    return found + too_long(receipt, "receipt", EVIDENCE_LIMIT)


def blockers_to_docket(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    docketed_on: Any = UNASKED,
    number: Any = UNASKED,
    procedure: Any = UNASKED,
) -> list[Blocker]:
    """The court accepted, under a number and by a procedure. Source: CPL art 126."""
    found = handler_only(case, actor, "litigation.docket") + wrong_state(case, case.mark_docketed)
    found += day_between(docketed_on, "docketed_on", first=case.filed_on, now=now)
    found += missing(number, "number", _("Give the number of the court."), "CPL art 126") + too_long(
        number, "number", 60
    )
    if procedure is not UNASKED and procedure not in (Procedure.ORDINARY, Procedure.SIMPLIFIED, Procedure.SMALL):
        found.append(Blocker("procedure.unknown", _("Choose the procedure."), field="procedure"))
    return found


def blockers_to_reject(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    rejection: Any = UNASKED,
    served_on: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """A ruling by which the court turns the claim down; ten days to appeal run from its service. Source: CPL art 126, CPL art 157."""
    found = handler_only(case, actor, "litigation.reject") + wrong_state(case, case.mark_court_rejected)
    if rejection is not UNASKED and rejection not in (Rejection.NOT_ACCEPTED, Rejection.DISMISSED):
        found.append(Blocker("rejection.unknown", _("Say what the court ruled."), field="rejection"))
    found += day_between(served_on, "served_on", first=case.docketed_on or case.filed_on, now=now)
    found += missing(evidence, "evidence", _("Name the court's ruling."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def evidence_days(case: Litigation) -> EvidenceDays | None:
    return house_rules().evidence_days.get(case.procedure)


def blockers_to_set_evidence_limit(
    case: Litigation, actor: Actor, *, now: datetime, served_on: Any = UNASKED, days: Any = UNASKED
) -> list[Blocker]:
    """As the court set it, within what the procedure allows. Source: EVID2019 art 51, house R53."""
    found = handler_only(case, actor, "litigation.set_evidence_limit") + only_while(case, *ON_THE_DOCKET)
    found += day_between(served_on, "served_on", first=case.docketed_on, now=now)
    may = evidence_days(case)
    if may is None and not found:
        found.append(Blocker("procedure.none", _("The court has not accepted it by any procedure."), "EVID2019 art 51"))
    if may and days is not UNASKED and not (isinstance(days, int) and may.least <= days <= may.most):
        message = format_lazy(
            _("In this procedure the court sets between {least} and {most} days."), least=may.least, most=may.most
        )
        found.append(Blocker("days.impossible", message, "EVID2019 art 51", "days"))
    return found


def blockers_to_schedule_hearing(
    case: Litigation, actor: Actor, *, now: datetime, at: Any = UNASKED, place: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "litigation.schedule_hearing") + only_while(case, *ON_THE_DOCKET)
    found += missing(at, "at", _("Give day and hour.")) + missing(place, "place", _("Name the place."))
    if isinstance(at, datetime) and at <= now:
        found.append(Blocker("at.past", _("This moment is over."), field="at"))
    return found + too_long(place, "place", 120)


def open_hearings(case: Litigation) -> list[Hearing]:
    return [hearing for hearing in case.known_hearings if not hearing.came]


def _a_hearing(case: Litigation, hearing: Any) -> list[Blocker]:
    known = {row.pk for row in open_hearings(case)}
    if not known:
        return [Blocker("hearing.none", _("No hearing is to come."))]
    if hearing is UNASKED or (hearing is not None and hearing.pk in known):
        return []
    return [Blocker("hearing.unknown", _("Choose a hearing that is to come."), field="hearing")]


def blockers_to_hold_hearing(
    case: Litigation, actor: Actor, *, now: datetime, hearing: Any = UNASKED, note: Any = UNASKED
) -> list[Blocker]:
    """It was held; above, the state stays as it is."""
    found = handler_only(case, actor, "litigation.hold_hearing")
    found += only_while(case, *ON_THE_DOCKET) + _a_hearing(case, hearing)
    if not found and hearing is not UNASKED and hearing.at > now:
        found.append(Blocker("hearing.to_come", _("This hearing is still to come."), field="hearing"))
    return found + missing(note, "note", _("Say what happened.")) + too_long(note, "note", EVIDENCE_LIMIT)


def blockers_to_cancel_hearing(
    case: Litigation, actor: Actor, *, now: datetime, hearing: Any = UNASKED, note: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "litigation.cancel_hearing") + only_while(case, *IN_COURT)
    found += _a_hearing(case, hearing)
    return found + missing(note, "note", _("Give the reason.")) + too_long(note, "note", EVIDENCE_LIMIT)


def blockers_to_record_service(
    case: Litigation, actor: Actor, *, now: datetime, what: Any = UNASKED, served_on: Any = UNASKED, note: Any = UNASKED
) -> list[Blocker]:
    """A paper the court served. Judgment, ruling and notice of evidence that start a period have verbs of their own."""
    found = handler_only(case, actor, "litigation.record_service") + only_while(case, *SERVED_WHILE)
    if what is not UNASKED and what not in Served.What.values:
        found.append(Blocker("what.unknown", _("Say what was served."), field="what"))
    found += day_between(served_on, "served_on", first=case.filed_on, now=now)
    return found + too_long(note, "note", EVIDENCE_LIMIT)
