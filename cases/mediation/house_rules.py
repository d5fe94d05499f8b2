"""What the house sets for mediations: `config/rules/mediation.yaml`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class HouseRules:
    """Hours count from the invitation or the issue, days are Shanghai days. `remind_hours` lie within the clock MED_ANSWER."""

    remind_hours: tuple[int, ...]
    link_hours: int
    most_colleagues: int
    longest_offer_days: int
    longest_lengthening_days: int
    grace_days: int


@cache
def house_rules() -> HouseRules:
    path = settings.BASE_DIR / "config" / "rules" / "mediation.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return HouseRules(**(content | {"remind_hours": tuple(content["remind_hours"])}))
