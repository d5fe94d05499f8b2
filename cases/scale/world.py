"""What every invented complaint refers to: units, staff, merchants, funders, headings, the calendar. Made once, found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID

from cases import headings
from cases.clocks import dates, rules
from cases.clocks.dates import Due
from cases.scale.ids import Id
from cases.scale.narratives import shop
from cases.starter import ensure_starter_data
from jike import calendars
from jike.accounts.models import Unit, User
from jike.base.dates import cst_date
from jike.calendars import Calendar
from lending.models import Funder, Merchant
from lending.uscc import check_character

UNITS = ("HQ-CP", "BR-EAST", "BR-SOUTH")
HANDLERS, SUPERVISORS, MERCHANTS = 10, 2, 300


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, as events name them."""

    id: UUID
    person: UUID
    label: str


@dataclass(frozen=True, slots=True)
class World:
    """`units` with their handlers and supervisors; ids of merchants and funders; headings that may be chosen; the calendar."""

    units: dict[UUID, tuple[list[Member], list[Member]]]
    merchants: list[tuple[UUID, str]]
    funders: list[UUID]
    platform: UUID
    businesses: list[str]
    causes: list[str]
    calendar: Calendar
    _dues: dict[date, Due] = field(default_factory=dict)

    def due(self, at: datetime) -> Due:
        """The CMP15 of what was received on the day of `at`. It counts in days; only its warnings depend on the hour."""
        day = cst_date(at)
        if day not in self._dues:
            self._dues[day] = dates.due(rules.rule("CMP15", on=day), at, calendar=self.calendar)
        return self._dues[day]


def world(seed: int, now: datetime) -> World:
    """The world of a seed; what is missing is made. Staff made here have no password, so nobody signs in as them."""
    ensure_starter_data(now)
    units = {
        Id.of(unit.pk.int): (_staff(unit, "handler", HANDLERS), _staff(unit, "supervisor", SUPERVISORS))
        for unit in Unit.objects.filter(code__in=UNITS)
    }
    day, funders = cst_date(now), Funder.objects.order_by("id")
    return World(
        units=units,
        merchants=_merchants(seed, now),
        funders=[Id.of(pk.int) for pk in funders.filter(speaks_for_platform=False).values_list("id", flat=True)],
        platform=Id.of(funders.get(speaks_for_platform=True).pk.int),
        businesses=[code for code, _ in headings.choices("business", on=day)],
        causes=[code for code, _ in headings.choices("cause", on=day)],
        calendar=calendars.current(),
    )


def _staff(unit: Unit, role: str, count: int) -> list[Member]:
    found = []
    for number in range(1, count + 1):
        username = f"scale-{unit.code.lower()}-{role}-{number}"
        user = User.objects.filter(username=username).first() or _new_user(unit, role, username, number)
        found.append(Member(Id.of(user.pk.int), Id.of(user.person.int), user.display_name))
    return found


def _new_user(unit: Unit, role: str, username: str, number: int) -> User:
    title = "专员" if role == "handler" else "主管"
    return User.objects.create_user(
        username,
        unit=unit,
        roles=[role],
        display_name=f"{unit.name[:4]}{title}{number}",
        staff_no=f"S{unit.code[-5:]}{role[0].upper()}{number:02d}",
    )


def _merchants(seed: int, now: datetime) -> list[tuple[UUID, str]]:
    chance, scenes = Random(seed), Merchant.Scene.values  # noqa: S311 - invented names are no secrets
    first17 = [f"91990000MA1C{number:05d}" for number in range(MERCHANTS)]
    new = [
        Merchant(
            name=f"{shop(chance)}示例{number:03d}号店", uscc=code + check_character(code), scene=chance.choice(scenes),
            city=chance.choice(("上海", "杭州", "成都", "广州", "南京")), created_at=now,
        )
        for number, code in enumerate(first17)
    ]  # fmt: skip
    Merchant.objects.bulk_create(new, ignore_conflicts=True)
    wanted = [merchant.uscc for merchant in new]
    return [
        (Id.of(pk.int), name)
        for pk, name in Merchant.objects.filter(uscc__in=wanted).order_by("uscc").values_list("id", "name")
    ]
