"""How near the end of a clock is: shape, text and colour of the danger bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.clocks.dates import is_late
from cases.clocks.labels import paused_label, remaining
from cases.clocks.models import Clock
from jike.base.dates import CST, cst_date, end_of_day, start_of_day
from jike.calendars import current


@dataclass(frozen=True, slots=True)
class Danger:
    """`step` is ok, 50, 75, 99, 100, paused or none; `percent` is the share of time gone; `text` says it without colour.

    A provisional end, which a holiday notice may still move, is drawn dotted.
    """

    step: str
    percent: int
    text: str
    is_provisional: bool = False


YEAR_FROM = timedelta(days=300)
"""Days that lie further off than this are shown with their year."""
NO_CLOCK = Danger("none", 0, "")


def danger_of(started_at: datetime, due_at: datetime | None, *, now: datetime) -> Danger:
    """The bar of a clock that runs from `started_at` to `due_at`. Days are Shanghai days; today does not count as left."""
    if due_at is None:
        return NO_CLOCK
    whole = (due_at - started_at).total_seconds() or 1
    share = (now - started_at).total_seconds() / whole
    percent = max(0, min(100, int(share * 100)))
    return Danger(_step(share), percent, due_text(due_at, now=now))


def danger_of_clock(clock: Clock, *, now: datetime) -> Danger:
    """The bar of one clock: striped while it stands still, dotted while it is provisional, none when it has ended."""
    if clock.state == Clock.State.SUSPENDED:
        return Danger("paused", 0, paused_label(clock.days_left or 0))
    if not clock.is_running:
        return NO_CLOCK
    found = danger_of(clock.started_at, clock.due_at, now=now)
    if not clock.provisional:
        return found
    return Danger(found.step, found.percent, _("%(left)s (provisional)") % {"left": found.text}, is_provisional=True)


def _step(share: float) -> str:
    if share >= 1:
        return "100"
    if share >= 0.9:
        return "99"
    return "75" if share >= 0.75 else "50" if share >= 0.5 else "ok"


def due_text(due_at: datetime, *, now: datetime) -> str:
    """`剩5天（含2个工作日）· 至10-13`, or how long it is overdue. Fifty rows share few days, so the words are kept."""
    today = cst_date(now)
    return _due_text(due_at, end_of_day(today) if is_late(now, due_at) else start_of_day(today), get_language() or "")


@lru_cache(maxsize=2048)
def _due_text(due_at: datetime, now: datetime, language: str) -> str:
    until = due_at.astimezone(CST).strftime("%Y-%m-%d" if due_at - now > YEAR_FROM else "%m-%d")
    return _("%(left)s · until %(until)s") % {
        "left": remaining(due_at, now=now, calendar=current()).label,
        "until": until,
    }
