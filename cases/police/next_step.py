"""The one sentence at the head of a police report: who does what next."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks.models import Clock
from cases.police import reminders
from cases.police.models import PoliceReport
from cases.police.rules.remedies import RECON, REREV, open_remedy
from cases.police.states import State
from jike.base.dates import now as current_instant
from jike.base.errors import Text

_SENTENCES: dict[str, Text] = {
    State.REQUESTED.value: _("Somebody takes it up. The consumer may report without us at any time."),
    State.READY.value: _(
        "The papers are complete. Report, and bring back the receipt with its number and the officer."
    ),
    State.REPORTED.value: _("The police look at the report. Ask them on the days of follow-up."),
    State.REVIEWING.value: _("The police review it before filing. Ask them on the days of follow-up."),
    State.DOCKETED.value: _("The police filed a case. Help where they ask, then end the help."),
    State.REREVIEWING.value: _("The next higher organ decides within thirty days."),
    State.CLOSED.value: _("The help has ended; the complaint goes on."),
    State.DECLINED.value: _("We do not help; the consumer may report without us."),
    State.WITHDRAWN.value: _("The consumer wants no help any more."),
}


_OWN: dict[str, Text] = {
    State.REQUESTED.value: _("Somebody takes up the report of the house."),
    State.READY.value: _("The papers are complete. A second person lets the pack out, then the house reports."),
    State.DOCKETED.value: _("The police filed a case. Record what they ask for and what is given."),
    State.CLOSED.value: _("The matter is closed for the house."),
    State.DECLINED.value: _("The house does not report this."),
}
HAPPENED: dict[str, Text] = {
    State.REQUESTED.value: _("You asked us to help you report to the police."),
    State.PREPARING.value: _("We prepare the papers with you."),
    State.READY.value: _("Your papers are complete."),
    State.REPORTED.value: _("The police have taken your report."),
    State.REVIEWING.value: _("The police look whether to open a case."),
    State.DOCKETED.value: _("The police have opened a case."),
    State.NOT_DOCKETED.value: _("The police have not opened a case."),
    State.RECONSIDERING.value: _("You asked the police to reconsider."),
    State.REREVIEWING.value: _("You asked the next higher police organ."),
    State.CLOSED.value: _("Our help with this report has ended."),
    State.DECLINED.value: _("We do not help with this report."),
    State.WITHDRAWN.value: _("You wanted no help any more."),
}
"""What the consumer reads first."""

_FOR_CONSUMERS: dict[str, Text] = {
    State.REQUESTED.value: _(
        "A colleague calls you. You need not wait for us: you may report to the police at any time."
    ),
    State.PREPARING.value: _(
        "Bring together what is listed below. You need not wait for us: the police take a report without it."
    ),
    State.READY.value: _(
        "Go to the police with what is listed below, ask for the receipt (受案回执), and tell us its number."
    ),
    State.REPORTED.value: _("We ask the police how it stands. Tell us at once when you receive a paper of theirs."),
    State.REVIEWING.value: _("We ask the police how it stands. Tell us at once when you receive a paper of theirs."),
    State.DOCKETED.value: _("Help the police where they ask you. Your complaint goes on with us."),
    State.RECONSIDERING.value: _("They decide within thirty days. Tell us at once when you receive the decision."),
    State.REREVIEWING.value: _("They decide within thirty days. Tell us when you receive the decision."),
    State.CLOSED.value: _("Your complaint and all your rights stay as they are. With new facts you may report again."),
    State.DECLINED.value: _(
        "You may report without us: the police take every report. The reason is in the message below."
    ),
    State.WITHDRAWN.value: _("You may report at any time, with us or without us."),
}


def next_for_consumer(case: PoliceReport) -> Text:
    """What comes next, in plain words for the consumer."""
    if case.state == State.PREPARING and case.is_statement_current and not case.is_statement_confirmed:
        return _("Read your statement and confirm it, or tell us what is wrong in it.")
    if case.state == State.NOT_DOCKETED:
        if case.is_accuser and _open(case, RECON):
            return _("You may ask the police to reconsider. The last day is below; do not wait for it.")
        return _("The message below names the other ways that are open to you.")
    if case.state == State.RECONSIDERING and case.reconsidered_on:
        return _second_for_consumer(case)
    return _FOR_CONSUMERS[case.state]


def _second_for_consumer(case: PoliceReport) -> Text:
    if _open(case, REREV):
        return _(
            "The refusal stands. You may ask the next higher police organ. The last day is below; do not wait for it."
        )
    return _("The refusal stands, and the last day for a second review has passed. Your other rights stay as they are.")


def nature_of(case: PoliceReport) -> Text:
    """What the case is called: a report of the house itself is told apart in every list."""
    return _("Police report of the house") if case.is_own else _("Police report")


def next_step(case: PoliceReport) -> Text:
    if case.is_own and case.state in _OWN:
        return _OWN[case.state]
    if case.state == State.PREPARING:
        return _preparing(case)
    if case.state == State.NOT_DOCKETED:
        return _refused(case)
    if case.state == State.RECONSIDERING:
        return _reconsidered(case)
    return _SENTENCES[case.state]


def _preparing(case: PoliceReport) -> Text:
    if case.told_on:
        return _("It was reported without a receipt. Get the receipt with its number and the officer.")
    if case.known_statement is None:
        return _("Draft the statement, look for the papers, and put the losses into the table.")
    if not case.is_statement_current:
        return _("The losses have changed since the statement. Draft it again, and have the consumer confirm it.")
    if not case.is_statement_confirmed:
        if case.is_own:
            return _("Whoever signs for the house confirms the statement.")
        return _("The consumer reads the statement and confirms it.")
    return _("Settle every paper of the list; then the papers are complete.")


def _refused(case: PoliceReport) -> Text:
    if not case.is_accuser:
        return _(
            "No case was filed. In this capacity there is no reconsideration; name the other ways, then end the help."
        )
    return _until(case, RECON) or _("No case was filed, and the days for a reconsideration are over.")


def _reconsidered(case: PoliceReport) -> Text:
    if not case.reconsidered_on:
        return _("The police reconsider it within thirty days.")
    return _until(case, REREV) or _("The refusal stands, and the days for a second review are over.")


def _open(case: PoliceReport, family: str) -> Clock | None:
    """The remedy of this family, as long as its last day has not passed: a clock runs on until somebody acts."""
    clock = open_remedy(case, now=current_instant())
    return clock if clock and clock.family == family else None


def _until(case: PoliceReport, family: str) -> Text:
    clock = _open(case, family)
    if clock is None:
        return ""
    words = {
        RECON: _("No case was filed. The consumer may ask for reconsideration until {strict}."),
        REREV: _("The refusal stands. The consumer may ask the next higher organ until {strict}."),
    }
    return format_lazy(words[family], strict=reminders.days_of(clock).strict.isoformat())
