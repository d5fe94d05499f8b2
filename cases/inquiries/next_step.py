"""The one sentence at the head of an inquiry: who does what next. There is no last day to name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.inquiries.models import Inquiry
from cases.inquiries.states import Nature, State
from jike.base.errors import Text

_SENTENCES = {
    State.ANSWERED.value: _("The answer is sent; once a channel has taken it, the handler closes."),
    State.ROUTED.value: _(
        "Whoever it was routed to looks into it; the handler writes down what came of it and closes."
    ),
    State.CONVERTED.value: _("It goes on as a complaint; nothing more is to be done here."),
    State.CLOSED.value: _("The case is closed."),
}
_FIRST = {
    Nature.QUESTION.value: _("A handler takes the question and answers it. No statutory time runs."),
    Nature.REPORT.value: _("A handler takes the report and routes it to whoever is competent. No statutory time runs."),
    Nature.CLUE.value: _("A handler takes the clue and routes or closes it. Nobody is there to be told."),
}
_FOR_CONSUMERS = {
    State.ANSWERED.value: _(
        "Read the answer below. If your own rights are concerned, you may file a complaint at any time."
    ),
    State.ROUTED.value: _("We have passed your report on; the message below says to whom."),
    State.CONVERTED.value: _("It is handled as a complaint; its number and last day stand in the message we sent you."),
    State.CLOSED.value: _("This matter is closed. You may ask again at any time."),
}
_FIRST_FOR_CONSUMERS = {
    Nature.QUESTION.value: _("We read your question and answer it here and by text message."),
    Nature.REPORT.value: _("We read your report, pass it on to whoever is competent, and tell you where it went."),
    Nature.CLUE.value: "",
}

HAPPENED = {
    State.RECEIVED.value: _("We have your question or report."),
    State.ANSWERED.value: _("We have answered."),
    State.ROUTED.value: _("Your report has been passed on."),
    State.CONVERTED.value: _("It is handled as a complaint."),
    State.CLOSED.value: _("This matter is closed."),
}
"""What whoever asked or reported reads first."""


def next_step(case: Inquiry, *, for_consumer: bool = False) -> Text:
    """The sentence for staff, or the plain one for whoever asked or reported."""
    if case.state == State.RECEIVED:
        return (_FIRST_FOR_CONSUMERS if for_consumer else _FIRST)[case.nature]
    return (_FOR_CONSUMERS if for_consumer else _SENTENCES)[case.state]
