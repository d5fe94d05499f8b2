"""The states of a complaint, their labels, and the strip on the case page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("complaint", "Received")
    INVESTIGATING = "investigating", pgettext_lazy("complaint", "Accepted, under investigation")
    DECIDING = "deciding", pgettext_lazy("complaint", "Awaiting approval")
    DECIDED = "decided", pgettext_lazy("complaint", "To be notified")
    NOTIFIED = "notified", pgettext_lazy("complaint", "Notified")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "Withdrawn")


FINAL = frozenset({State.CLOSED.value, State.WITHDRAWN.value})

# What the consumer reads: the office's inner steps are one word for them.
CONSUMER_WORDS = {
    State.RECEIVED.value: pgettext_lazy("complaint for consumers", "Received"),
    State.INVESTIGATING.value: pgettext_lazy("complaint for consumers", "Being investigated"),
    State.DECIDING.value: pgettext_lazy("complaint for consumers", "In progress"),
    State.DECIDED.value: pgettext_lazy("complaint for consumers", "In progress"),
    State.NOTIFIED.value: pgettext_lazy("complaint for consumers", "Decision sent"),
    State.CLOSED.value: pgettext_lazy("complaint for consumers", "Closed"),
    State.WITHDRAWN.value: pgettext_lazy("complaint for consumers", "Withdrawn"),
}

STAGES = (
    Stage(pgettext_lazy("stage", "Receive"), frozenset({State.RECEIVED.value})),
    Stage(pgettext_lazy("stage", "Investigate"), frozenset({State.INVESTIGATING.value})),
    Stage(pgettext_lazy("stage", "Approve"), frozenset({State.DECIDING.value})),
    Stage(pgettext_lazy("stage", "Notify"), frozenset({State.DECIDED.value})),
    Stage(
        pgettext_lazy("stage", "Close"), frozenset({State.NOTIFIED.value, State.CLOSED.value, State.WITHDRAWN.value})
    ),
)
