"""The one sentence at the head of a litigation: who does what next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.litigation.models import Litigation
from cases.litigation.rules.court import open_hearings
from cases.litigation.rules.preparing import gaps_of, stale_papers
from cases.litigation.states import State
from cases.litigation.told import may_confirm
from jike.base.errors import Text

_SENTENCES: dict[str, Text] = {
    State.REQUESTED.value: _("Counsel takes the case and looks at the claim."),
    State.SEALED.value: _("The papers are final. Counsel hands them in once the bundle is released."),
    State.FILED.value: _("The court accepts the claim or turns it down within seven days."),
    State.HEARING.value: _("The court hears the case; its judgment is awaited."),
    State.JUDGED.value: _("Judgment was given. When nobody appealed in time, counsel records that it is in force."),
    State.APPEALING.value: _("The court above decides."),
    State.EFFECTIVE.value: _(
        "The judgment is in force. If the other side does not perform, enforcement is applied for."
    ),
    State.ENFORCING.value: _("The court enforces; money that comes in is noted."),
    State.COURT_REJECTED.value: _("The court turned the claim down. Appeal, work on the papers, or close."),
    State.CLOSED.value: _("The case is closed."),
    State.DECLINED.value: _("The house does not support it; the consumer's own way to the court stays open."),
    State.SETTLED.value: _("The two sides came to terms."),
    State.WITHDRAWN.value: _("The consumer gave it up."),
}


def next_step(case: Litigation) -> Text:
    if case.state == State.ASSESSING:
        if case.assessed_at:
            return _("The claim is assessed. Choose the court, or decline the support.")
        return _("Counsel writes down the claim, the days it was known, and the places.")
    if case.state == State.COLLECTING:
        return _preparing(case)
    if case.state == State.DOCKETED:
        if open_hearings(case):
            return _("The hearing is to come. Evidence goes in before its last day.")
        return _("The court has accepted it. Record the time for evidence and the hearing as they arrive.")
    if case.state == State.EFFECTIVE and not case.awarded_cny:
        return _("The judgment is in force. It grants nothing that could be enforced; the case can be closed.")
    return _SENTENCES[case.state]


def _preparing(case: Litigation) -> Text:
    if gaps_of(case) or stale_papers(case):
        return _("Counsel drafts the papers; the report says what is missing in them.")
    if may_confirm(case):
        return _("The consumer reads the papers and confirms them.")
    return _("With a finished bundle of the evidence the papers are made final.")
