"""What a consumer may be asked to send, and what we hold already and so never ask for. Read from `config/materials.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from jike.base.errors import Text
from lending.models import Loan


@dataclass(frozen=True, slots=True)
class Material:
    """One kind of material. `held_by` says where we have it ourselves; empty for what only the consumer has."""

    code: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    held_by: str
    words: tuple[str, ...]
    effective_on: date
    until_on: date | None

    @property
    def label(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    def holds_on(self, day: date) -> bool:
        return self.effective_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class Asked:
    """One item of a request before it is kept: a material of the table, or the handler's own words."""

    what: str
    why: str
    code: str = ""


@lru_cache
def materials() -> tuple[Material, ...]:
    rows = yaml.safe_load((settings.BASE_DIR / "config" / "materials.yaml").read_text(encoding="utf-8"))["materials"]
    return tuple(_material(row) for row in rows)


def _material(row: dict[str, Any]) -> Material:
    names = {key: row[key] for key in ("code", "zh", "en", "why_zh", "why_en")}
    return Material(
        **names,
        held_by=row.get("held_by", ""),
        words=tuple(row["words"]),
        effective_on=row["from"],
        until_on=row.get("until"),
    )


def material_named(code: str) -> Material | None:
    return next((material for material in materials() if material.code == code), None)


def held_of(case: Complaint) -> dict[str, Text]:
    """The codes of what we hold for this case, each with the place where it lies. Source: O2020-3 art 13."""
    places: dict[str, Text] = {"contact": _("in the case itself")}
    loan = case.loan or Loan.objects.filter(person_id=case.consumer_id).order_by("id").first()
    if loan:
        places["loan"] = format_lazy(_("with the loan {number}"), number=loan.number)
    if case.consumer and case.consumer.id_mask:
        places["identity"] = _("with the person's data")
    return {material.code: places[material.held_by] for material in materials() if material.held_by in places}


def askable(case: Complaint, *, on: date) -> list[Material]:
    """What may be asked for in this case on that day."""
    held = held_of(case)
    return [material for material in materials() if material.code not in held and material.holds_on(on)]


def meant_by(item: Asked) -> Material | None:
    """The material of the table that this item is, by its code or by the words it uses; the longest word decides."""
    if item.code:
        return material_named(item.code)
    hits = [(len(word), material) for material in materials() for word in material.words if word in item.what]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


def asked_of(codes: list[str] | tuple[str, ...], others: str) -> list[Asked]:
    """The items of a request: chosen kinds, then the handler's own lines, written "what：why"."""
    chosen = [Asked(m.zh, m.why_zh, m.code) for code in codes if (m := material_named(code))]
    lines = [line.strip() for line in others.splitlines() if line.strip()]
    own = [line.replace(":", "：", 1).partition("：") for line in lines]
    return chosen + [Asked(what.strip(), why.strip()) for what, _colon, why in own]
