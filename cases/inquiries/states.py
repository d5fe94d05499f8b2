"""The states of an inquiry, their labels, and the strip on the case page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("inquiry", "Registered")
    ANSWERED = "answered", pgettext_lazy("inquiry", "Answered")
    ROUTED = "routed", pgettext_lazy("inquiry", "Routed")
    CONVERTED = "converted", pgettext_lazy("inquiry", "Made a complaint")
    CLOSED = "closed", pgettext_lazy("inquiry", "Closed")


class Nature(models.TextChoices):
    """A report that nobody puts a name to is a clue: it is never chosen, it follows. Source: house R17."""

    QUESTION = "question", pgettext_lazy("inquiry", "Question")
    REPORT = "report", pgettext_lazy("inquiry", "Report of a violation")
    CLUE = "clue", pgettext_lazy("inquiry", "Clue (anonymous report)")


CHOSEN = (Nature.QUESTION, Nature.REPORT)
FINAL = frozenset({State.CLOSED.value, State.CONVERTED.value})
STAGES = (
    Stage(pgettext_lazy("stage", "Receive"), frozenset({State.RECEIVED.value})),
    Stage(pgettext_lazy("stage", "Answer or route"), frozenset({State.ANSWERED.value, State.ROUTED.value})),
    Stage(pgettext_lazy("stage", "Close"), FINAL),
)

# What the person who asked or reported reads.
CONSUMER_WORDS = {
    State.RECEIVED.value: pgettext_lazy("inquiry for consumers", "Registered"),
    State.ANSWERED.value: pgettext_lazy("inquiry for consumers", "Answered"),
    State.ROUTED.value: pgettext_lazy("inquiry for consumers", "Passed on"),
    State.CONVERTED.value: pgettext_lazy("inquiry for consumers", "Handled as a complaint"),
    State.CLOSED.value: pgettext_lazy("inquiry for consumers", "Closed"),
}
