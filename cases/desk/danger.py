"""How near the end of a clock is: shape, text and colour of the danger bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.base.dates import CST, cst_date
from jike.calendars import current


@dataclass(frozen=True, slots=True)
class Danger:
    """`step` is ok, 50, 75, 99, 100 or none; `percent` is the share of time gone; `text` says it without colour."""

    step: str
    percent: int
    text: str


NO_CLOCK = Danger("none", 0, "")


def danger_of(started_at: datetime, due_at: datetime | None, *, now: datetime) -> Danger:
    """The bar of a clock that runs from `started_at` to `due_at`. Days are Shanghai days; today does not count as left."""
    if due_at is None:
        return NO_CLOCK
    whole = (due_at - started_at).total_seconds() or 1
    share = (now - started_at).total_seconds() / whole
    percent = max(0, min(100, int(share * 100)))
    return Danger(_step(share), percent, due_text(due_at, now=now))


def _step(share: float) -> str:
    if share >= 1:
        return "100"
    if share >= 0.9:
        return "99"
    return "75" if share >= 0.75 else "50" if share >= 0.5 else "ok"


def due_text(due_at: datetime, *, now: datetime) -> str:
    """`剩5天（含2个工作日）· 至10-13`, or how long it is overdue."""
    today, last = cst_date(now), cst_date(due_at)
    until = due_at.astimezone(CST).strftime("%m-%d")
    if due_at < now:
        late = max(1, (today - last).days)
        return ngettext("%(n)s day overdue · was due %(until)s", "%(n)s days overdue · was due %(until)s", late) % {"n": late, "until": until}
    left = (last - today).days
    if left == 0:
        return _("Due today · %(until)s 24:00") % {"until": until}
    working = _working_days(today.toordinal(), last.toordinal())
    return _("%(n)s days left (%(working)s working days) · until %(until)s") % {"n": left, "working": working, "until": until}


@lru_cache(maxsize=512)
def _working_days(first: int, last: int) -> int:
    calendar = current()
    return sum(calendar.is_working_day(date.fromordinal(day)) for day in range(first + 1, last + 1))
