"""May a complaint be closed, taken up again, judged by the consumer, or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.surveys import open_survey_of
from cases.rules import (
    ended,
    handler_only,
    missing,
    no_power,
    not_assigned,
    not_own_case,
    other_unit,
    too_long,
    wrong_state,
)
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

LOW_SCORE, REOPEN_ASKED, CONTESTED = "low_score", "reopen_asked", "contested"


class Ground(models.TextChoices):
    """Why a closed case is taken up again."""

    NEW_FACTS = "new_facts", _("New facts or reasons")
    CORRECTION = "correction", _("The decision has to be corrected")


def blockers_to_close(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Told with proof or waiver, and every promise of the decision confirmed."""
    found = handler_only(case, actor, "complaints.close") + wrong_state(case, case.mark_closed)
    if found:
        return found
    if case.notice_id is None and not case.notice_waiver:
        found.append(Blocker("notice.no_proof", _("There is no proof of sending."), "O2020-3 art 21"))
    if left := len(case.unkept_promises):
        message = format_lazy(_("Promises of the decision not confirmed yet: {left}."), left=left)
        found.append(Blocker("redress.unconfirmed", message, "O2020-3 art 24"))
    return found


def blockers_to_confirm_redress(
    case: Complaint, actor: Actor, *, now: datetime, promise: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.confirm_redress") + ended(case)
    if case.decision_id is None:
        found.append(Blocker("case.not_decided", _("The case has no decision yet.")))
    elif not case.unkept_promises:
        found.append(Blocker("redress.none_open", _("Nothing that was promised is still to be confirmed.")))
    elif promise is not UNASKED and promise not in case.unkept_promises:
        found.append(Blocker("promise.missing", _("Choose one of the open promises."), field="promise"))
    found += missing(evidence, "evidence", _("Give the proof that it was done."))
    return found + too_long(evidence, "evidence", PART_LIMIT)


def blockers_to_reopen(
    case: Complaint, actor: Actor, *, now: datetime, ground: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """A supervisor of the unit, on new facts or reasons, or to correct a mistake. Source: O2020-3 art 18, house correction."""
    found = no_power(actor, "complaints.reopen") + other_unit(case, actor) + wrong_state(case, case.mark_reopened)
    if case.is_historical:
        found += ended(case)
    if ground is not UNASKED and ground not in Ground.values:
        found.append(Blocker("ground.missing", _("Choose why the case is taken up again."), field="ground"))
    found += missing(reason, "reason", _("Name the new facts or reasons, or what was wrong."))
    return found + too_long(reason, "reason", PART_LIMIT)


def blockers_to_ask_reopen(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "complaints.ask_reopen") + not_own_case(case, actor)
    found += wrong_state(case, case.mark_reopened)
    if REOPEN_ASKED in case.flags:
        found.append(Blocker("reopen.asked", _("You have asked already; we will answer you.")))
    found += missing(reason, "reason", _("Name the new facts or reasons."))
    return found + too_long(reason, "reason", PART_LIMIT)


def blockers_to_answer_survey(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    result: Any = UNASKED,
    speed: Any = UNASKED,
    conduct: Any = UNASKED,
    words: Any = UNASKED,
) -> list[Blocker]:
    """The consumer, once per told decision. Source: house survey."""
    found = no_power(actor, "complaints.answer_survey") + not_own_case(case, actor)
    if case.decision_id is None or not case.has("open_surveys") or open_survey_of(case) is None:
        found.append(Blocker("survey.none_open", _("There is no survey to answer, or it was answered already.")))
    for field, score in {"result": result, "speed": speed, "conduct": conduct}.items():
        if score is not UNASKED and str(score) not in ("1", "2", "3", "4", "5"):
            found.append(Blocker(f"{field}.missing", _("Choose one of the five answers."), field=field))
    return found + too_long(words, "words", 2_000)


def blockers_to_withdraw(
    case: Complaint, actor: Actor, *, now: datetime, wish: Any = UNASKED, received_at: Any = UNASKED
) -> list[Blocker]:
    """Barred once the decision has been told. Source: O2020-3 art 15."""
    found = no_power(actor, "complaints.withdraw") + not_own_case(case, actor) + not_assigned(case, actor)
    found += wrong_state(case, case.mark_withdrawn)
    if actor.is_staff:
        found += missing(
            wish, "wish", _("Say how the consumer told you: the letter or the recorded call."), "O2020-3 art 15"
        )
    if received_at and not _count_began(case) <= received_at <= now:
        message = _("The wish reached us between the receipt of the complaint and now.")
        found.append(Blocker("received_at.impossible", message, "O2020-3 art 15", "received_at"))
    return found


def _count_began(case: Complaint) -> datetime:
    """The start of the youngest clock that runs: nothing ended before it."""
    return max([case.received_at, *(clock.started_at for clock in clocks.clocks_of(case) if clock.is_running)])
