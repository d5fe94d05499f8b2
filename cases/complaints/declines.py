"""On what ground a complaint may be declined: `config/declines.yaml`, each row with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground. `told` is the sentence the consumer reads; `opens` is what the message goes on as (`question`, `report`).

    A decline on a ground that opens something is how a complaint is classified anew, by two people. Source: house R76.
    """

    code: str
    source: str
    zh: str
    en: str
    told: str
    effective_on: date
    until_on: date | None
    opens: str = ""

    @property
    def label(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    def holds_on(self, day: date) -> bool:
        return self.effective_on <= day and (self.until_on is None or day <= self.until_on)


@lru_cache
def grounds() -> tuple[Ground, ...]:
    rows = yaml.safe_load((settings.BASE_DIR / "config" / "declines.yaml").read_text(encoding="utf-8"))["declines"]
    names = ("code", "source", "zh", "en", "told")
    return tuple(
        Ground(
            **{name: row[name] for name in names},
            effective_on=row["from"],
            until_on=row.get("until"),
            opens=row.get("opens", ""),
        )
        for row in rows
    )


def ground_named(code: str) -> Ground | None:
    return next((ground for ground in grounds() if ground.code == code), None)


def words_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the consumer is told of a decline as it was asked for: the sentence of its ground, what it rests on, the remedies."""
    ground = ground_named(str(asked["ground"]))
    return {
        "told": ground.told if ground else "",
        "explanation": asked["explanation"],
        "remedies": asked["remedies"],
    }


def may_be_given(code: str, *, on: date) -> bool:
    ground = ground_named(code)
    return ground is not None and ground.holds_on(on)
