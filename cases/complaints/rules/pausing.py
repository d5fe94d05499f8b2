"""May the count be paused, resumed, or replaced by a date agreed with the consumer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks.models import Clock
from cases.clocks.steps import is_late
from cases.complaints import counting
from cases.complaints.models import ClockPause, Complaint
from cases.complaints.rules.extending import no_count
from cases.complaints.states import State
from cases.handling.proof_rules import blockers_to_prove
from cases.rules import ended, handler_only, missing, only_while, too_long
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

LONGEST_AGREEMENT = timedelta(days=366)


def open_pause(case: Complaint, *, on: date, kind: str = "") -> ClockPause | None:
    """The latest pause that goes on, or that was to go on beyond `on`; of this kind, where one is named."""
    if not case.has("open_pauses"):
        return None
    rows = ClockPause.objects.filter(case_id=case.pk, resumed_at=None).order_by("-first_on", "-started_at")
    rows = rows.filter(kind=kind) if kind else rows
    return next((row for row in rows if row.last_on is None or row.last_on >= on), None)


def blockers_to_pause(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    kind: Any = UNASKED,
    first_on: Any = UNASKED,
    last_on: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """A mediation with the consumer's consent, or an outside appraisal; never after the end. Source: O2020-3 art 18, art 23."""
    found = handler_only(case, actor, "complaints.pause") + only_while(case, State.INVESTIGATING)
    if found:
        return found
    clock = counting.running(case)
    if clock is None:
        return no_count()
    if clock.due_at and is_late(now, clock.due_at):
        found.append(_too_late())
    if kind is not UNASKED and kind not in ClockPause.Kind.values:
        found.append(Blocker("kind.unknown", _("Choose the reason for the pause."), field="kind"))
    if kind is not UNASKED and open_pause(case, on=cst_date(now), kind=kind):
        found.append(Blocker("pause.open", _("Such a pause goes on already. Resume the count first.")))
    if kind == ClockPause.Kind.MEDIATION and evidence is not UNASKED and not str(evidence or "").strip():
        found.append(
            Blocker(
                "pause.no_consent",
                _("A mediation stops the clock only with the consumer's consent on record."),
                "O2020-3 art 23",
                "evidence",
            )
        )
    else:
        found += missing(evidence, "evidence", _("Name the body that appraises and the paper that asked it."))
    return found + _days(clock, first_on, last_on, now=now) + too_long(evidence, "evidence", 2_000)


def _days(clock: Clock, first_on: Any, last_on: Any, *, now: datetime) -> list[Blocker]:
    if first_on is UNASKED:
        return []
    if first_on is None or not cst_date(clock.started_at) <= first_on <= cst_date(now):
        return [Blocker("first_on.impossible", _("A pause begins between the receipt and today."), field="first_on")]
    found = []
    if clock.due_at and first_on > cst_date(clock.due_at):
        found.append(_too_late())
    if last_on and last_on < first_on:
        found.append(Blocker("pause.reversed", _("A pause cannot end before it begins."), field="last_on"))
    return found


def _too_late() -> Blocker:
    return Blocker(
        "pause.too_late", _("The time limit is over. A pause that begins now cures nothing."), "O2020-3 art 18"
    )


def blockers_to_resume(
    case: Complaint, actor: Actor, *, now: datetime, last_on: Any = UNASKED, kind: str = ""
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.resume") + only_while(case, State.INVESTIGATING, State.DECIDING)
    if found:
        return found
    pause = open_pause(case, on=cst_date(now), kind=kind)
    if pause is None:
        return [Blocker("pause.none", _("No pause goes on."))]
    if counting.running(case) is None:
        found += no_count()
    if last_on is not UNASKED and (last_on is None or not pause.first_on <= last_on <= cst_date(now)):
        found.append(
            Blocker(
                "last_on.impossible",
                _("The last day of the pause lies between its first day and today."),
                field="last_on",
            )
        )
    return found


def blockers_to_count_pause(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    proof: Any = UNASKED,
    manner: Any = UNASKED,
    evidence: Any = UNASKED,
    sent_at: Any = UNASKED,
) -> list[Blocker]:
    """The consumer was told of an appraisal: from then on its days are left out. Source: O2020-3 art 18."""
    found = handler_only(case, actor, "complaints.count_pause") + ended(case)
    if found:
        return found
    waiting = untold(case)
    if waiting is None:
        found.append(Blocker("pause.none_untold", _("No appraisal waits for its notice.")))
    since = waiting.started_at if waiting else None
    return found + blockers_to_prove(
        actor, now=now, since=since, proof=proof, manner=manner, evidence=evidence, sent_at=sent_at
    )


def untold(case: Complaint) -> ClockPause | None:
    """The appraisal of which the consumer has not been told yet."""
    if not case.has("open_pauses"):
        return None
    rows = ClockPause.objects.filter(case_id=case.pk, kind=ClockPause.Kind.APPRAISAL, notice=None, resumed_at=None)
    return rows.order_by("-started_at").first()


def blockers_to_agree_deadline(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    due_on: Any = UNASKED,
    evidence: Any = UNASKED,
    paper: Any = UNASKED,
) -> list[Blocker]:
    """In writing or on record and among the papers of the case, or there is no agreement. Source: O2020-3 art 21."""
    art = "O2020-3 art 21"
    found = handler_only(case, actor, "complaints.agree_deadline")
    found += only_while(case, State.RECEIVED, State.SUPPLEMENTING, State.INVESTIGATING, State.DECIDING)
    found += missing(evidence, "evidence", _("Name the written agreement or the recorded call."), art)
    found += too_long(evidence, "evidence", 2_000)
    if paper is not UNASKED and (paper is None or paper.subject != case.pk):
        message = _("Add the written agreement or the recording to the papers of the case, and choose it here.")
        found.append(Blocker("paper.missing", message, art, "paper"))
    today = cst_date(now)
    if due_on is None or (due_on and not today <= due_on <= today + LONGEST_AGREEMENT):
        found.append(
            Blocker("due_on.impossible", _("The agreed day lies between today and a year from now."), art, "due_on")
        )
    return found
