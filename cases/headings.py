"""Headings under which complaints are counted: business and cause, read from `config/headings.yaml`.

Cases store the code. Which codes may be chosen depends on the date of receipt; the label of an ended heading stays known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.conf import settings
from django.utils.translation import get_language

Dimension = Literal["business", "cause"]
DIMENSIONS: tuple[Dimension, ...] = ("business", "cause")


class HeadingsInvalid(ValueError):
    """The file of headings contradicts itself."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading. `parent` is the code of its group or empty; a group itself cannot be chosen."""

    code: str
    dimension: Dimension
    zh: str
    en: str
    parent: str
    is_group: bool
    is_house: bool
    effective_on: date
    until_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.effective_on <= day and (self.until_on is None or day <= self.until_on)

    @property
    def label(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


def headings(dimension: Dimension, *, on: date) -> list[Heading]:
    """The headings in force on that day, groups included, in the order of the file."""
    return [heading for heading in _table().values() if heading.dimension == dimension and heading.holds_on(on)]


def choices(dimension: Dimension, *, on: date) -> list[tuple[str, str]]:
    """(code, label) of every heading that may be chosen for a case received on that day."""
    table = _table()
    return [
        (heading.code, f"{table[heading.parent].label} · {heading.label}" if heading.parent else heading.label)
        for heading in headings(dimension, on=on)
        if not heading.is_group
    ]


def may_be_chosen(dimension: Dimension, code: str, *, on: date) -> bool:
    heading = _table().get(code)
    return heading is not None and heading.dimension == dimension and not heading.is_group and heading.holds_on(on)


def label_of(code: str) -> str:
    """The label of a stored code, also of an ended one; an unknown code is its own label."""
    heading = _table().get(code)
    return heading.label if heading else code


@lru_cache(maxsize=1)
def _table() -> dict[str, Heading]:
    return read(Path(settings.BASE_DIR) / "config" / "headings.yaml")


def read(path: Path) -> dict[str, Heading]:
    """Every heading of the file by its code. Raises `HeadingsInvalid` for a code used twice or an end before the start."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    table: dict[str, Heading] = {}
    for dimension in DIMENSIONS:
        for heading in _walk(content[dimension], dimension, ""):
            if heading.code in table:
                raise HeadingsInvalid(f"{heading.code} is used twice.")
            if heading.until_on and heading.until_on < heading.effective_on:
                raise HeadingsInvalid(f"{heading.code} ends before it begins.")
            table[heading.code] = heading
    return table


def _walk(rows: list[dict[str, Any]], dimension: Dimension, parent: str) -> Iterator[Heading]:
    for row in rows:
        items = row.get("items", [])
        yield Heading(
            code=row["code"],
            dimension=dimension,
            zh=row["zh"],
            en=row["en"],
            parent=parent,
            is_group=bool(items),
            is_house=row.get("origin") == "house",
            effective_on=row["from"],
            until_on=row.get("until"),
        )
        yield from _walk(items, dimension, row["code"])
