"""What the house sets for litigation support: `config/rules/litigation.yaml`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Wage:
    """The average yearly wage of a province in a year. `checked` says how the figure was read: text, second hand, unread."""

    province: str
    year: int
    cny: Decimal
    checked: str


@dataclass(frozen=True, slots=True)
class CourtRule:
    """One way to a court: the disputes it fits, what it needs besides, and which answer names the place."""

    ground: str
    disputes: tuple[str, ...]
    place: str
    source: str
    needs: str = ""
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceDays:
    least: int
    most: int
    code: str


@dataclass(frozen=True, slots=True)
class HouseRules:
    """`must` and `may` are percent of a year's wage. `remind_days` are days before the end of a clock, by its family."""

    unit: str
    must: int
    may: int
    wages: tuple[Wage, ...]
    courts: tuple[CourtRule, ...]
    remind_hour: int
    remind_days: dict[str, tuple[int, ...]]
    hearing_days: tuple[int, ...]
    evidence_days: dict[str, EvidenceDays]


@cache
def house_rules() -> HouseRules:
    path = settings.BASE_DIR / "config" / "rules" / "litigation.yaml"
    return _read(yaml.safe_load(path.read_text(encoding="utf-8")))


def _read(content: dict[str, Any]) -> HouseRules:
    return HouseRules(
        unit=content["unit"],
        must=content["small_claims"]["must"],
        may=content["small_claims"]["may"],
        wages=tuple(Wage(**(row | {"cny": Decimal(row["cny"])})) for row in content["wages"]),
        courts=tuple(CourtRule(**(row | {"disputes": tuple(row["disputes"])})) for row in content["courts"]),
        remind_hour=content["remind_hour"],
        remind_days={family: tuple(days) for family, days in content["remind_days"].items()},
        hearing_days=tuple(content["hearing_days"]),
        evidence_days={name: EvidenceDays(**row) for name, row in content["evidence_days"].items()},
    )
