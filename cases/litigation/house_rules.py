"""What the house sets for litigation support: `config/rules/litigation.yaml`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
class FeeBand:
    """What lies above `over` yuan, up to the next band, costs `percent` of it."""

    over: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class FeeRules:
    """The court's fee for claims for money. `halved` are the procedures that take half; `checked` says how the table was read."""

    first_up_to: Decimal
    first_cny: Decimal
    bands: tuple[FeeBand, ...]
    halved: tuple[str, ...]
    effective_from: date
    checked: str
    source: str


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
    fees: FeeRules


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
        fees=_fees(content["fees"]),
    )


def _fees(content: dict[str, Any]) -> FeeRules:
    return FeeRules(
        first_up_to=Decimal(content["first"]["up_to"]),
        first_cny=Decimal(content["first"]["cny"]),
        bands=tuple(FeeBand(Decimal(row["over"]), Decimal(row["percent"])) for row in content["bands"]),
        halved=tuple(content["halved"]),
        effective_from=content["effective_from"],
        checked=content["checked"],
        source=content["source"],
    )
