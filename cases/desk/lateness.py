"""The mark on a case that was keyed long after it was received."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from cases.models import Case, Event
from jike.base.dates import CST
from jike.base.errors import Text

REASONS: dict[str, Text] = {
    "letter_under_way": pgettext_lazy("backdated", "Letter or e-mail opened later"),
    "closed_hours": pgettext_lazy("backdated", "Received outside working hours"),
    "passed_on": pgettext_lazy("backdated", "Passed on by another department"),
    "system_down": pgettext_lazy("backdated", "The system was not available"),
    "other": pgettext_lazy("backdated", "Another reason, in words"),
}


def keyed_late(case: Case, events: list[Event]) -> dict[str, Any] | None:
    """When it was keyed and why so late; None for a case that was written down in time. `events` are its own, oldest first."""
    code = events[0].data.get("backdated") if events else None
    if not code:
        return None
    return {"at": case.registered_at.astimezone(CST).strftime("%Y-%m-%d %H:%M"), "reason": REASONS.get(code, code)}
