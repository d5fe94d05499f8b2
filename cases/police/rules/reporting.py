"""May it be recorded what the police were told and what they answered; and the days on which we ask."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.police.models import PoliceReport
from cases.police.rules.opening import EVIDENCE_LIMIT
from cases.police.rules.packs import outdated
from cases.police.states import AFTER, AT_POLICE, CaseEnd, ReportedBy, State
from cases.rules import PART_LIMIT, handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

FOLLOW_UPS = ("POL3", "POL7", "POL30")
RECEIPT = "GACX2020 art 171"
LIMITATION = "LIM2020"
NUMBER_LIMIT, ORGAN_LIMIT, OFFICER_LIMIT = 80, 120, 200


def impossible(day: Any, field: str, *, now: datetime, since: date | None = None) -> list[Blocker]:
    """A day on which something happened lies neither in the future nor before what it followed."""
    if day is UNASKED or (isinstance(day, date) and (since or date.min) <= day <= cst_date(now)):
        return []
    message = _("This day lies in the future, or before what it followed.")
    return [Blocker(f"{field}.impossible", message, field=field)]


def _who(by: Any) -> list[Blocker]:
    if by is UNASKED or by in ReportedBy.values:
        return []
    return [Blocker("reported_by.unknown", _("Say who went to the police."), field="reported_by")]


def blockers_to_record_visit(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    reported_on: Any = UNASKED,
    organ: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Somebody was at the police and got no receipt: that is owed, so a task goes after it. Source: GACX2020 art 171, house R54."""
    found = handler_only(case, actor, "police.record_visit") + only_while(case, State.PREPARING, State.READY)
    found += impossible(reported_on, "reported_on", now=now)
    found += missing(organ, "organ", _("Name the police station.")) + too_long(organ, "organ", ORGAN_LIMIT)
    found += missing(evidence, "evidence", _("Say how it is known."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_record_report(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    reported_by: Any = UNASKED,
    organ: Any = UNASKED,
    receipt_no: Any = UNASKED,
    officer: Any = UNASKED,
    accepted_on: Any = UNASKED,
) -> list[Blocker]:
    """Only with receipt and officer. What we hand over ourselves is complete and left the house by a second person; a consumer who went
    with less has reported all the same, for the police take every report. Source: GACX2020 art 169, art 171, house four eyes."""
    found = handler_only(case, actor, "police.record_report") + wrong_state(case, case.mark_reported)
    found += _who(reported_by)
    if case.is_own and reported_by not in (UNASKED, ReportedBy.HOUSE):
        found.append(Blocker("reported_by.own", _("This is the house's own report."), field="reported_by"))
    if reported_by == ReportedBy.HOUSE:
        if case.state == State.PREPARING:
            found.append(Blocker("papers.incomplete", _("What we hand over must be complete first.")))
        if not any(pack.state == "released" and not outdated(case, pack) for pack in case.known_packs):
            message = _("A second person must let a pack out before we report.")
            found.append(Blocker("pack.not_released", message, "house four eyes"))
    found += missing(organ, "organ", _("Name the police station.")) + too_long(organ, "organ", ORGAN_LIMIT)
    receipt = _(
        "Give the number of the receipt (受案回执). Without one, record the visit: a task goes after the receipt."
    )
    found += missing(receipt_no, "receipt_no", receipt, RECEIPT) + too_long(receipt_no, "receipt_no", NUMBER_LIMIT)
    found += missing(officer, "officer", _("Name the officer and how to reach them."))
    found += too_long(officer, "officer", OFFICER_LIMIT)
    return found + impossible(accepted_on, "accepted_on", now=now)


def blockers_to_begin_review(
    case: PoliceReport, actor: Actor, *, now: datetime, evidence: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "police.begin_review") + wrong_state(case, case.mark_reviewing)
    found += missing(evidence, "evidence", _("Say how it is known."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_follow_up(case: PoliceReport, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """We asked the police how the report stands, and what they said."""
    found = handler_only(case, actor, "police.follow_up") + only_while(case, *AT_POLICE)
    found += missing(evidence, "evidence", _("Say whom you asked and what they answered."))
    return found + too_long(evidence, "evidence", PART_LIMIT)


def blockers_to_docket(
    case: PoliceReport, actor: Actor, *, now: datetime, docket_no: Any = UNASKED, docketed_on: Any = UNASKED
) -> list[Blocker]:
    """The police filed a case, at once or after a remedy."""
    found = handler_only(case, actor, "police.docket") + wrong_state(case, case.mark_docketed)
    found += missing(docket_no, "docket_no", _("Give the number under which the police filed it."))
    found += too_long(docket_no, "docket_no", NUMBER_LIMIT)
    return found + impossible(docketed_on, "docketed_on", now=now, since=case.accepted_on)


def blockers_to_record_end(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    how: Any = UNASKED,
    known_on: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """How the criminal case ended, told once, also after our help has ended. Source: LIM2020."""
    found = handler_only(case, actor, "police.record_end") + only_while(case, State.DOCKETED, State.CLOSED)
    if not found and not case.docket_no:
        found.append(Blocker("case.none", _("The police filed no case that could have ended.")))
    if case.case_end:
        found.append(Blocker("case.ended_already", _("The end of the criminal case is recorded already.")))
    if how is not UNASKED and (not how or how not in CaseEnd.values):
        found.append(Blocker("how.unknown", _("Say how the criminal case ended."), LIMITATION, "how"))
    found += impossible(known_on, "known_on", now=now, since=case.accepted_on)
    found += missing(evidence, "evidence", _("Name the paper that says so."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_record_refusal(
    case: PoliceReport, actor: Actor, *, now: datetime, refusal_no: Any = UNASKED, received_on: Any = UNASKED
) -> list[Blocker]:
    """The notice that no case is filed, and the day the consumer received it: the days of the remedy run from that.

    Source: GACX2020 art 178, art 179.
    """
    found = handler_only(case, actor, "police.record_refusal") + wrong_state(case, case.mark_not_docketed)
    found += missing(refusal_no, "refusal_no", _("Give the number of the notice."))
    found += too_long(refusal_no, "refusal_no", NUMBER_LIMIT)
    return found + impossible(received_on, "received_on", now=now, since=case.accepted_on)


def blockers_to_remind(
    case: PoliceReport, actor: Actor, *, now: datetime, clock: Any = UNASKED, day: Any = UNASKED
) -> list[Blocker]:
    """A day of this case comes, and what it is for has not been done."""
    found = no_power(actor, "police.remind") + only_while(case, *AFTER)
    known = {row.pk for row in case.open_clocks}
    if not known or (clock is not UNASKED and clock.pk not in known):
        found.append(Blocker("clock.over", _("What this day is for has been done.")))
    return found
