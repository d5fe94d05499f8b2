"""The one sentence at the head of a police report: who does what next."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.police import reminders
from cases.police.models import PoliceReport
from cases.police.rules.remedies import RECON, REREV
from cases.police.states import State
from jike.base.errors import Text

_SENTENCES: dict[str, Text] = {
    State.REQUESTED.value: _("Somebody takes it up. The consumer may report without us at any time."),
    State.READY.value: _("The papers are complete. Report, and bring back the receipt with its number and the officer."),
    State.REPORTED.value: _("The police look at the report. Ask them on the days of follow-up."),
    State.REVIEWING.value: _("The police review it before filing. Ask them on the days of follow-up."),
    State.DOCKETED.value: _("The police filed a case. Help where they ask, then end the help."),
    State.REREVIEWING.value: _("The next higher organ decides within thirty days."),
    State.CLOSED.value: _("The help has ended; the complaint goes on."),
    State.DECLINED.value: _("We do not help; the consumer may report without us."),
    State.WITHDRAWN.value: _("The consumer wants no help any more."),
}


def next_step(case: PoliceReport) -> Text:
    if case.state == State.PREPARING:
        return _preparing(case)
    if case.state == State.NOT_DOCKETED:
        return _refused(case)
    if case.state == State.RECONSIDERING:
        return _until(case, REREV) or _("The police reconsider it within thirty days.")
    return _SENTENCES[case.state]


def _preparing(case: PoliceReport) -> Text:
    if case.told_on:
        return _("It was reported without a receipt. Get the receipt with its number and the officer.")
    if case.known_statement is None:
        return _("Draft the statement, look for the papers, and put the losses into the table.")
    if not case.is_statement_confirmed:
        return _("The consumer reads the statement and confirms it.")
    return _("Settle every paper of the list; then the papers are complete.")


def _refused(case: PoliceReport) -> Text:
    if not case.is_accuser:
        return _("No case was filed. In this capacity there is no reconsideration; name the other ways, then end the help.")
    return _until(case, RECON) or _("No case was filed, and the days for a reconsideration are over.")


def _until(case: PoliceReport, family: str) -> Text:
    clock = clocks.running(case, family=family)
    if clock is None or clock.due_at is None:
        return ""
    words = {
        RECON: _("No case was filed. The consumer may ask for reconsideration until {strict}."),
        REREV: _("The refusal stands. The consumer may ask the next higher organ until {strict}."),
    }
    return format_lazy(words[family], strict=reminders.days_of(clock).strict.isoformat())
