"""What the house sets for police reports: `config/rules/police.yaml`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Usual:
    """One paper usual in practice. `of` is who has it: consumer, or house; `is_own` that it belongs to reports of the house itself."""

    code: str
    of: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    is_own: bool = False

    @property
    def label(self) -> str:
        return self.en if _is_english() else self.zh

    @property
    def why(self) -> str:
        return self.why_en if _is_english() else self.why_zh


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis on which data of the consumer go to an authority."""

    code: str
    zh: str
    en: str
    source: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.en if _is_english() else self.zh


@dataclass(frozen=True, slots=True)
class HouseRules:
    """`own_unit` takes the reports of the house itself that nobody of the staff opened. `remind_days` are days before the strict last day of a remedy, `remind_at` the hour of day in Shanghai."""

    own_unit: str
    remind_days: tuple[int, ...]
    remind_at: time
    materials: dict[str, Usual]
    bases: dict[str, Basis]


@cache
def house_rules() -> HouseRules:
    path = settings.BASE_DIR / "config" / "rules" / "police.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return HouseRules(
        found["own_unit"],
        tuple(found["remind_days"]),
        time.fromisoformat(found["remind_at"]),
        {row["code"]: Usual(**row) for row in found["materials"]},
        {row["code"]: Basis(**(row | {"source": tuple(row["source"])})) for row in found["bases"]},
    )


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
