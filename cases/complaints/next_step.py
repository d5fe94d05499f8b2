"""The one sentence at the head of a case: who does what next, and by when."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.states import State
from jike.base.dates import CST
from jike.base.errors import Text

_SENTENCES = {
    State.RECEIVED.value: _("A handler takes the case and accepts it; the decision must be sent by {due}."),
    State.INVESTIGATING.value: _("The handler investigates and proposes a decision; it must be sent by {due}."),
    State.DECIDING.value: _("A second person approves or returns the proposal; the decision must be sent by {due}."),
    State.DECIDED.value: _("The letter is made and sent; if no channel accepts it, send it by post by {due}."),
    State.NOTIFIED.value: _(
        "The decision has been sent. The handler closes the case once everything promised is done."
    ),
    State.CLOSED.value: _("The case is closed."),
    State.SUPPLEMENTING.value: _("The consumer is to send the material asked for; the decision must be sent by {due}."),
    State.REVIEWING.value: _("The superior unit reviews the decision; the result must be sent by {due}."),
    State.WITHDRAWN.value: _("The consumer withdrew the complaint; nothing more is to be done."),
    State.DECLINED.value: _("The complaint was declined and the consumer was told; nothing more is to be done."),
    State.MERGED.value: _("The complaint goes on in another case; nothing more is to be done here."),
}

_FOR_CONSUMERS = {
    State.RECEIVED.value: _(
        "We read your complaint and name the person who handles it. You get the decision by {due} at the latest."
    ),
    State.INVESTIGATING.value: _(
        "We check the facts with the merchant and the lender. You get the decision by {due} at the latest."
    ),
    State.DECIDING.value: _("The decision is being checked by a second person. You get it by {due} at the latest."),
    State.DECIDED.value: _("Your decision letter is on its way. You get it by {due} at the latest."),
    State.NOTIFIED.value: _(
        "The decision has been sent to you. Read the letter below; if you disagree, it names your remedies."
    ),
    State.CLOSED.value: _("Your complaint is closed. The letter below names your remedies if you disagree."),
    State.SUPPLEMENTING.value: _(
        "We need something more from you; the list is below. You get the decision by {due} at the latest."
    ),
    State.REVIEWING.value: _("The superior unit reviews the decision. You get the result by {due} at the latest."),
    State.WITHDRAWN.value: _("You withdrew this complaint. You may file again at any time."),
    State.DECLINED.value: _("We cannot handle this complaint; the message below says why and names your remedies."),
    State.MERGED.value: _("This complaint goes on together with your other complaint on the same matter."),
}

_UNTOLD = _("The decline is confirmed; the notice must be sent by {due}. If no channel accepts it, send it by post.")
_PAUSED = _("The count stands still; resume it on the day the mediation or appraisal ends.")
_PAUSED_FOR_CONSUMERS = _(
    "The count stands still while the mediation or appraisal goes on. When it ends, we tell you the new last day."
)


def next_step(case: Complaint, *, for_consumer: bool = False) -> Text:
    """The sentence for staff, or the plain one for the consumer. Dates are Shanghai dates."""
    sentence = (_FOR_CONSUMERS if for_consumer else _SENTENCES)[case.state]
    if case.state == State.DECLINED and case.ended_at is None and not for_consumer:
        sentence = _UNTOLD
    if case.state in (State.INVESTIGATING, State.DECIDING) and case.next_due_at is None:
        sentence = _PAUSED_FOR_CONSUMERS if for_consumer else _PAUSED
    due = date_format(timezone.localtime(case.next_due_at, CST), "DATE_FORMAT") if case.next_due_at else "—"
    return format_lazy(sentence, due=due)
