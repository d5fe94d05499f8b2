"""The calendar in force, from the stored notices, and the way a new notice comes in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jike.calendars.models import HolidayYear
from jike.calendars.notices import Notice, calendar_of
from jike.calendars.workdays import Calendar

# A worker learns of a notice imported by another process after at most this many seconds.
KEEP_SECONDS = 60.0

_kept: tuple[float, Calendar] | None = None


def current() -> Calendar:
    """The calendar of the newest version of every year, kept for a minute: usually no query at all."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEEP_SECONDS:
        _kept = (time.monotonic(), calendar_of(_notice(row) for row in _newest()))
    return _kept[1]


def calendar_with(notice: Notice) -> Calendar:
    """The calendar as it would be with `notice` in force for its year. Nothing is kept."""
    others = [_notice(row) for row in _newest() if row.year != notice.year]
    return calendar_of([*others, notice])


def forget() -> None:
    """Read the notices anew at the next call."""
    global _kept
    _kept = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What `import_notice` did: the version in force, and whether it is new."""

    year: int
    version: int
    is_new: bool


@transaction.atomic
def import_notice(notice: Notice, *, now: datetime) -> Imported:
    """Put a year's notice in force as a new version of that year; the same days again change nothing."""
    latest = HolidayYear.objects.select_for_update().filter(year=notice.year).order_by("-version").first()
    if latest and _notice(latest).days == notice.days:
        return Imported(notice.year, latest.version, is_new=False)
    row = HolidayYear.objects.create(
        year=notice.year,
        version=latest.version + 1 if latest else 1,
        source=notice.source,
        days=list(notice.days),
        imported_at=now,
    )
    transaction.on_commit(forget)
    return Imported(row.year, row.version, is_new=True)


def newest(year: int) -> HolidayYear | None:
    """The notice in force for a year, or None while there is none."""
    return HolidayYear.objects.filter(year=year).order_by("-version").first()


def _newest() -> list[HolidayYear]:
    return list(HolidayYear.objects.order_by("year", "-version").distinct("year"))


def _notice(row: HolidayYear) -> Notice:
    return Notice(row.year, row.source, tuple(row.days))
