"""A year's holiday notice: its JSON form checked and read, and calendars built from notices. Pure but for reading files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jike.calendars.workdays import Calendar

DATA = Path(__file__).parent / "data"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class NoticeInvalid(ValueError):
    """The file is no holiday notice. `problems` are translated sentences, one per fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's notice. `days` are rows `{name, date, isOffDay}` as found, in order of date."""

    year: int
    source: str
    days: tuple[dict[str, Any], ...]

    @property
    def off(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day["date"]) for day in self.days if day["isOffDay"])

    @property
    def working(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day["date"]) for day in self.days if not day["isOffDay"])

    def missing_statutory_days(self) -> list[date]:
        """Days off by statute that the notice does not list: a sign of a slip, not a fault."""
        fixed = [date(self.year, month, day) for month, day in sorted(statutory_fixed_days())]
        return [day for day in fixed if day not in self.off]


def parse_notice(text: str) -> Notice:
    """Read a notice from JSON `{year, days: [{name, date, isOffDay}]}`; other keys are ignored, `papers` is kept as source.

    Raises `NoticeInvalid` with every fault found.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise NoticeInvalid([_("The file is not JSON (line %(line)d).") % {"line": error.lineno}]) from None
    if not isinstance(found, dict):
        raise NoticeInvalid([_("The file must hold one object with “year” and “days”.")])
    year: Any = found.get("year")
    days: Any = found.get("days")
    problems = []
    if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        problems.append(
            _("“year” must be a year between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    if not isinstance(days, list) or not days:
        problems.append(_("“days” must be a list and may not be empty: has the notice been published?"))
    if problems:
        raise NoticeInvalid(problems)
    problems = [problem for row, day in enumerate(days, start=1) for problem in _faults(row, day, year)]
    if not problems:
        problems = _twice_named(days)
    if problems:
        raise NoticeInvalid(problems)
    rows = sorted(
        ({key: day[key] for key in ("name", "date", "isOffDay")} for day in days), key=lambda day: str(day["date"])
    )
    return Notice(year, " ".join(str(paper) for paper in found.get("papers") or []), tuple(rows))


def _faults(row: int, day: object, year: int) -> list[str]:
    where = {"row": row, "year": year}
    if not isinstance(day, dict):
        return [_("Day %(row)d is not an object.") % where]
    found = []
    if not isinstance(day.get("name"), str) or not day["name"].strip():
        found.append(_("Day %(row)d has no “name”.") % where)
    if not isinstance(day.get("isOffDay"), bool):
        found.append(_("Day %(row)d: “isOffDay” must be true or false.") % where)
    try:
        on = date.fromisoformat(str(day.get("date")))
    except ValueError:
        return [*found, _("Day %(row)d: “date” must be a date such as 2027-01-01.") % where]
    if on.isoformat() != day["date"]:
        found.append(_("Day %(row)d: “date” must be a date such as 2027-01-01.") % where)
    if not date(year - 1, 12, 1) <= on <= date(year + 1, 1, 31):
        found.append(_("Day %(row)d is not a day of %(year)d or of the month next to it.") % where)
    return found


def _twice_named(days: list[dict[str, Any]]) -> list[str]:
    dates = [day["date"] for day in days]
    return [
        _("%(date)s is listed more than once.") % {"date": day} for day in sorted(set(dates)) if dates.count(day) > 1
    ]


@cache
def shipped_notices() -> tuple[Notice, ...]:
    """The notices that come with the product, oldest first."""
    return tuple(
        parse_notice(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("[0-9][0-9][0-9][0-9].json"))
    )


@cache
def _statute() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "statutory.json").read_text(encoding="utf-8"))
    return found


@cache
def statutory_fixed_days() -> frozenset[tuple[int, int]]:
    """Month and day of the holidays that fall on the same date every year."""
    return frozenset((int(text[:2]), int(text[3:])) for text in _statute()["fixed"])


def calendar_of(notices: Iterable[Notice]) -> Calendar:
    """The calendar that these notices give; where two name the same day, the later year's notice is the newer word."""
    named: dict[date, bool] = {}
    years = set()
    for notice in sorted(notices, key=lambda notice: notice.year):
        years.add(notice.year)
        named |= {date.fromisoformat(day["date"]): day["isOffDay"] for day in notice.days}
    lunar = [date.fromisoformat(day["date"]) for days in _statute()["lunar"].values() for day in days]
    return Calendar(
        off=frozenset(day for day, is_off in named.items() if is_off),
        working=frozenset(day for day, is_off in named.items() if not is_off),
        years=frozenset(years),
        fixed_off=statutory_fixed_days(),
        expected_off=frozenset(lunar),
    )


@cache
def shipped_calendar() -> Calendar:
    """The calendar of the notices that come with the product, without those imported later."""
    return calendar_of(shipped_notices())
