"""The states of a complaint, their labels, and the strip on the case page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("complaint", "Received")
    SUPPLEMENTING = "supplementing", pgettext_lazy("complaint", "Waiting for material")
    INVESTIGATING = "investigating", pgettext_lazy("complaint", "Accepted, under investigation")
    DECIDING = "deciding", pgettext_lazy("complaint", "Awaiting approval")
    DECIDED = "decided", pgettext_lazy("complaint", "To be notified")
    NOTIFIED = "notified", pgettext_lazy("complaint", "Notified")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")
    REVIEWING = "reviewing", pgettext_lazy("complaint", "Under review")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "Withdrawn")
    DECLINED = "declined", pgettext_lazy("complaint", "Declined")
    MERGED = "merged", pgettext_lazy("complaint", "Merged into another case")


FINAL = frozenset({State.CLOSED.value, State.WITHDRAWN.value, State.DECLINED.value, State.MERGED.value})

# What the consumer reads: the office's inner steps are one word for them.
CONSUMER_WORDS = {
    State.RECEIVED.value: pgettext_lazy("complaint for consumers", "Received"),
    State.INVESTIGATING.value: pgettext_lazy("complaint for consumers", "Being investigated"),
    State.DECIDING.value: pgettext_lazy("complaint for consumers", "In progress"),
    State.DECIDED.value: pgettext_lazy("complaint for consumers", "In progress"),
    State.NOTIFIED.value: pgettext_lazy("complaint for consumers", "Decision sent"),
    State.CLOSED.value: pgettext_lazy("complaint for consumers", "Closed"),
    State.SUPPLEMENTING.value: pgettext_lazy("complaint for consumers", "Waiting for your material"),
    State.REVIEWING.value: pgettext_lazy("complaint for consumers", "Under review by the superior unit"),
    State.WITHDRAWN.value: pgettext_lazy("complaint for consumers", "Withdrawn"),
    State.DECLINED.value: pgettext_lazy("complaint for consumers", "Not handled further"),
    State.MERGED.value: pgettext_lazy("complaint for consumers", "Merged into your other complaint"),
}

STAGES = (
    Stage(pgettext_lazy("stage", "Receive"), frozenset({State.RECEIVED.value, State.SUPPLEMENTING.value})),
    Stage(pgettext_lazy("stage", "Investigate"), frozenset({State.INVESTIGATING.value})),
    Stage(pgettext_lazy("stage", "Approve"), frozenset({State.DECIDING.value})),
    Stage(pgettext_lazy("stage", "Notify"), frozenset({State.DECIDED.value})),
    Stage(pgettext_lazy("stage", "Close"), FINAL | {State.NOTIFIED.value, State.REVIEWING.value}),
)
