"""May a refusal be reconsidered or reviewed again, and may the help end while a remedy is open. Source: GACX2020 art 179."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.handling.rules import no_vote_waits
from cases.police.models import PoliceReport
from cases.police.rules.opening import CAPACITY, EVIDENCE_LIMIT
from cases.police.rules.reporting import NUMBER_LIMIT, impossible
from cases.police.states import State
from cases.rules import PART_LIMIT, handler_only, missing, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

RECON, REREV = "RECON", "REREV"


def not_accuser(case: PoliceReport) -> list[Blocker]:
    """Who only reported or informed has no reconsideration. Source: GACX2020 art 179, house R54."""
    if case.is_accuser:
        return []
    message = _(
        "Only a victim who accuses (控告人) may have a refusal reconsidered; whoever reports or informs may not."
    )
    return [Blocker("capacity.no_remedy", message, CAPACITY)]


def _in_time(case: PoliceReport, family: str, asked_on: Any, *, since: Any, now: datetime) -> list[Blocker]:
    """Between the day it could be asked for first and the last day, as it may roll."""
    found = impossible(asked_on, "asked_on", now=now, since=since)
    clock = clocks.running(case, family=family)
    if not found and asked_on is not UNASKED and clock and clock.due_at and asked_on > cst_date(clock.due_at):
        message = format_lazy(_("The last day was {day}."), day=cst_date(clock.due_at).isoformat())
        found.append(Blocker("asked_on.late", message, CAPACITY, "asked_on"))
    return found


def _shown(evidence: Any) -> list[Blocker]:
    found = missing(evidence, "evidence", _("Name the application and how it was handed in."))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_ask_reconsideration(
    case: PoliceReport, actor: Actor, *, now: datetime, asked_on: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "police.ask_reconsideration") + wrong_state(case, case.mark_reconsidering)
    found += not_accuser(case) + _in_time(case, RECON, asked_on, since=case.refused_on, now=now)
    return found + _shown(evidence)


def blockers_to_record_reconsideration(
    case: PoliceReport, actor: Actor, *, now: datetime, number: Any = UNASKED, received_on: Any = UNASKED
) -> list[Blocker]:
    """The refusal stands; the next higher organ may be asked. Where the police file after all, that is another verb."""
    found = handler_only(case, actor, "police.record_reconsideration") + only_while(case, State.RECONSIDERING)
    if case.reconsidered_on:
        found.append(Blocker("reconsideration.decided", _("This decision is recorded already.")))
    found += missing(number, "number", _("Give the number of the decision."))
    found += too_long(number, "number", NUMBER_LIMIT)
    return found + impossible(received_on, "received_on", now=now, since=case.reconsideration_asked_on)


def recorded_day(case: PoliceReport) -> date | None:
    """The day from which the consumer's remedy runs now, as it was recorded; None where none is running from one."""
    return case.refused_on if case.state == State.NOT_DOCKETED else case.reconsidered_on


def blockers_to_correct_day(
    case: PoliceReport, actor: Actor, *, now: datetime, received_on: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """The day the consumer received the refusal, or the decision on it, was recorded wrongly: the days are counted from the right one."""
    found = handler_only(case, actor, "police.correct_day")
    found += only_while(case, State.NOT_DOCKETED, State.RECONSIDERING)
    if recorded_day(case) is None:
        found.append(Blocker("day.none", _("No day of receipt is recorded that could be corrected.")))
    elif received_on is not UNASKED and received_on == recorded_day(case):
        found.append(Blocker("received_on.same", _("This day is recorded already."), field="received_on"))
    since = case.accepted_on if case.state == State.NOT_DOCKETED else case.reconsideration_asked_on
    found += impossible(received_on, "received_on", now=now, since=since)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_ask_rereview(
    case: PoliceReport, actor: Actor, *, now: datetime, asked_on: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "police.ask_rereview") + wrong_state(case, case.mark_rereviewing)
    found += not_accuser(case)
    if not case.reconsidered_on:
        message = _("The decision on the reconsideration is not recorded yet.")
        found.append(Blocker("reconsideration.undecided", message, CAPACITY))
    found += _in_time(case, REREV, asked_on, since=case.reconsidered_on, now=now)
    return found + _shown(evidence)


def open_remedy(case: PoliceReport, *, now: datetime) -> Clock | None:
    """The remedy whose last day has not passed, if there is one."""
    found = [clock for clock in case.open_clocks if clock.family in (RECON, REREV)]
    return next((clock for clock in found if clock.due_at and now <= clock.due_at), None)


def blockers_to_close(
    case: PoliceReport, actor: Actor, *, now: datetime, reason: Any = UNASKED, waiver: Any = UNASKED
) -> list[Blocker]:
    """Our help ends. While the consumer may still ask for a remedy, only if the consumer said that it is not wanted."""
    found = handler_only(case, actor, "police.close") + wrong_state(case, case.mark_closed) + no_vote_waits(case)
    if reason is not UNASKED and open_remedy(case, now=now) and (waiver is UNASKED or not str(waiver or "").strip()):
        message = _("The consumer may still ask for a remedy. Say where the consumer said that it is not wanted.")
        found.append(Blocker("remedy.open", message, CAPACITY, "waiver"))
    found += missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
    return found + too_long(waiver, "waiver", EVIDENCE_LIMIT)
