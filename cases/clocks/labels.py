"""The words of the arithmetic: one sentence per line, and how much time is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.clocks.rules import RuleUnknown, load
from cases.clocks.steps import is_late
from jike.base.dates import cst_date
from jike.base.errors import Text
from jike.calendars.workdays import Calendar

UNITS: Mapping[str, Text] = {
    "calendar_day": gettext_lazy("%(count)s calendar days"),
    "working_day": gettext_lazy("%(count)s working days"),
    "uk_business_day": gettext_lazy("%(count)s British business days"),
    "hour": gettext_lazy("%(count)s hours"),
    "month": gettext_lazy("%(count)s months"),
    "year": gettext_lazy("%(count)s years"),
}
KINDS: Mapping[str, Text] = {
    "mediation": pgettext_lazy("pause", "mediation"),
    "appraisal": pgettext_lazy("pause", "outside appraisal"),
    "identity_check": pgettext_lazy("pause", "identity check"),
}
LINES: Mapping[str, Text] = {
    "start": gettext_lazy("Day of the start, not counted"),
    "start_hour": gettext_lazy("Start, counted to the second"),
    "period": gettext_lazy("Period: %(period)s"),
    "extension": gettext_lazy("Extended to %(code)s: %(period)s more"),
    "extension_void": gettext_lazy("Extension to %(code)s without effect: not approved or not told before the end"),
    "pause": gettext_lazy("Paused from %(first)s to %(last)s (%(kinds)s)"),
    "pause_void": gettext_lazy("Pause from %(first)s to %(last)s (%(kinds)s) not left out: the consumer was not told"),
    "pause_too_late": gettext_lazy(
        "Pause from %(first)s to %(last)s (%(kinds)s) began after the end and changes nothing"
    ),
    "roll": gettext_lazy("The last day is a day off: moved to the next working day"),
    "suspended": gettext_lazy("Suspended since %(first)s (%(kinds)s): %(left)s days left when it goes on"),
    "civil_code_203": gettext_lazy("For information, as Civil Code article 203 may be read: next working day"),
    "strict_day": gettext_lazy("Remind on the last day without moving it"),
    "warn_day": gettext_lazy("Last working day before the end: finish by then"),
}


def line_label(key: str, values: Mapping[str, Any]) -> str:
    """The sentence of one line of arithmetic in the language of the reader."""
    words = dict(values)
    if "unit" in words:
        words["period"] = str(UNITS[words["unit"]]) % {"count": words["count"]}
    if "kinds" in words:
        words["kinds"] = "、".join(str(KINDS[kind]) for kind in words["kinds"])
        words["last"] = words["last"] or _("open end")
    return str(LINES[key]) % words


@dataclass(frozen=True, slots=True)
class Remaining:
    """Time left as people count it: today is not counted, the last day is. `days` is negative when days late."""

    days: int
    working_days: int
    is_late: bool
    is_provisional: bool

    @property
    def label(self) -> str:
        if self.is_late:
            return _("%(days)s days overdue") % {"days": max(1, -self.days)}
        if self.days == 0:
            return _("Last day today")
        return _("%(days)s days left (%(working)s of them working days)") % {
            "days": self.days,
            "working": self.working_days,
        }


def mark_label(facts: Mapping[str, Any]) -> str:
    """What an event of a clock says: which clock, how far it is, or from which day to which it moved."""
    try:
        clock = load().of(str(facts["clock"]))[-1].label
    except RuleUnknown:
        clock = str(facts["clock"])
    if "percent" in facts:
        return f"{clock} {facts['percent']}%"
    return f"{clock} {facts.get('old')} → {facts.get('new')}"


def paused_label(days_left: int) -> str:
    """停表 · 剩N天."""
    return _("Paused · %(days)s days left") % {"days": days_left}


def remaining(due_at: datetime, *, now: datetime, calendar: Calendar) -> Remaining:
    """How long from `now` to `due_at`: 剩N天（含M个工作日）."""
    today, last = cst_date(now), cst_date(due_at)
    working, provisional = calendar.working_days_between(today, last), calendar.is_provisional_day(max(today, last))
    return Remaining((last - today).days, working, is_late(now, due_at), provisional)
