"""When a complaint, or one more arrival of it, may have been received."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import rules as clock_rules
from jike.base.dates import start_of_day
from jike.base.errors import Blocker

FIRST_COUNT = "CMP15"


def wrong_receipt(received_at: Any, *, now: datetime) -> list[Blocker]:
    """Not to come yet, and not before the day from which the time to answer is counted at all. Source: O2020-3 art 18."""
    if not received_at:
        return []
    if received_at > now:
        return [Blocker("received_at.future", _("The time of receipt lies in the future."), field="received_at")]
    begin = clock_rules.load().of(FIRST_COUNT)[0].effective_from
    if received_at >= start_of_day(begin):
        return []
    message = format_lazy(
        _("The time of receipt lies before {begin}, when the rules of counting begin. Check the year."), begin=begin
    )
    return [Blocker("received_at.too_early", message, "O2020-3 art 18", "received_at")]
