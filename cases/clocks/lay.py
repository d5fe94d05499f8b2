"""Why a time limit ends on its day, told to people who are not lawyers; and what moved it, old day to new day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.clocks.models import Clock, ClockLine
from cases.models import Case
from jike.base.dates import cst_date
from jike.base.errors import Text

PERIODS: Mapping[str, Text] = {
    "calendar_day": gettext_lazy("%(count)s days; holidays and weekends are counted too"),
    "working_day": gettext_lazy("%(count)s working days; holidays and weekends are not counted"),
    "uk_business_day": gettext_lazy("%(count)s British business days"),
    "hour": gettext_lazy("%(count)s hours, to the second"),
    "month": gettext_lazy("%(count)s months"),
    "year": gettext_lazy("%(count)s years"),
}
KINDS: Mapping[str, Text] = {
    "mediation": pgettext_lazy("why paused", "mediation"),
    "appraisal": pgettext_lazy("why paused", "an outside appraisal"),
    "identity_check": pgettext_lazy("why paused", "a check of identity"),
}
SENTENCES: Mapping[str, Text] = {
    "start": gettext_lazy("The day it arrived, which is not counted"),
    "start_hour": gettext_lazy("The moment it arrived"),
    "extension": gettext_lazy("Extended by %(count)s days, because the matter is complicated"),
    "extension_void": gettext_lazy("An extension was not approved or told in time, so it changes nothing"),
    "pause": gettext_lazy("The clock stood still for %(days)s days, from %(first)s to %(last)s, because of %(kinds)s"),
    "pause_void": gettext_lazy("You were not told of %(kinds)s, so the clock ran on"),
    "pause_too_late": gettext_lazy("A pause that began after the end changes nothing"),
    "roll": gettext_lazy("The last day is a day off, so you have until the next working day"),
    "strict_day": gettext_lazy("Better rely on this day: whether a day off moves it is for the authority to say"),
    "suspended": gettext_lazy(
        "The clock stands still since %(first)s because of %(kinds)s; %(left)s days are left when it goes on"
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One plain sentence and the day it leads to."""

    label: str
    day: date


@dataclass(frozen=True, slots=True)
class Move:
    """The day changed: `old` and `new`, None while it stood still, and why."""

    old: date | None
    new: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Why:
    """The last day (None while the clock stands still), the lines it is made of, and every change of it, oldest first."""

    day: date | None
    lines: list[Line]
    is_provisional: bool
    moves: list[Move]


def why_of(case: Case) -> Why | None:
    """Why our nearest duty in `case` ends on its day; the clock that stands still when none runs; None without a clock."""
    clocks = _clocks_of(case)
    chosen = next((c for c in clocks if c.state == Clock.State.RUNNING and c.code == case.next_due_code), None)
    chosen = chosen or next((c for c in clocks if c.state == Clock.State.SUSPENDED and c.duty == Clock.Duty.OURS), None)
    return _why(case, clocks, chosen) if chosen else None


def why_of_family(case: Case, family: str) -> Why | None:
    """The same of the running clock of `family`, which may be a right of the consumer; None where none runs.

    Counts from another day were a slip of ours and explain nothing.
    """
    clocks = _clocks_of(case)
    chosen = next((c for c in clocks if c.state == Clock.State.RUNNING and c.family == family), None)
    return _why(case, [c for c in clocks if c.started_at == chosen.started_at], chosen) if chosen else None


def _clocks_of(case: Case) -> list[Clock]:
    return list(Clock.objects.filter(case_id=case.pk).order_by("created_at", "id").prefetch_related("lines"))


def _why(case: Case, clocks: list[Clock], chosen: Clock) -> Why:
    same = [clock for clock in clocks if clock.family == chosen.family]
    lines = [
        Line(sentence_of(line), line.day)
        for line in chosen.lines.all()
        if line.key in SENTENCES or line.key == "period"
    ]
    same = same[: same.index(chosen) + 1]
    receipts = _receipts_of(case) if len({clock.started_at for clock in same}) > 1 else frozenset[datetime]()
    return Why(_day(chosen), lines, chosen.provisional, moves_of(same, receipts=receipts))


def _receipts_of(case: Case) -> frozenset[datetime]:
    """The times of receipt that took the place of an earlier record."""
    events = case.events.filter(data__has_key="was_received")
    return frozenset(datetime.fromisoformat(at) for at in events.values_list("data__received", flat=True))


def moves_of(clocks: Sequence[Clock], *, receipts: Collection[datetime] = ()) -> list[Move]:
    """Every change of the last day along the clocks of one family, oldest first. `receipts` are those recorded anew."""
    found = []
    for before, after in pairwise(clocks):
        if _day(before) != _day(after):
            found.append(Move(_day(before), _day(after), _why_moved(before, after, receipts)))
    return found


def _why_moved(before: Clock, after: Clock, receipts: Collection[datetime]) -> str:
    if before.started_at != after.started_at and after.started_at in receipts:
        return _("The time your complaint arrived was corrected; it is counted from then.")
    if before.started_at != after.started_at:
        return _("It is counted anew, from the day your new facts arrived.")
    known = {(line.key, str(line.values)) for line in before.lines.all()}
    new = [line for line in after.lines.all() if line.key != "start" and (line.key, str(line.values)) not in known]
    told = [sentence_of(line) for line in new if line.key in ("extension", "pause", "suspended")]
    return "；".join(told) or _("The official list of holidays changed the last day.")


def sentence_of(line: ClockLine) -> str:
    """The line in plain words, in the language of the reader."""
    if line.key == "period":
        return str(PERIODS[line.values["unit"]]) % line.values
    return str(SENTENCES[line.key]) % _words(line)


def _words(line: ClockLine) -> dict[str, Any]:
    words = {**line.values, "days": line.days}
    if "kinds" in words:
        words["kinds"] = _(" and ").join(str(KINDS[kind]) for kind in words["kinds"])
    for end in ("first", "last"):
        if words.get(end):
            words[end] = date_format(date.fromisoformat(words[end]), "MONTH_DAY_FORMAT")
    return words


def _day(clock: Clock) -> date | None:
    return cst_date(clock.due_at) if clock.due_at else None
