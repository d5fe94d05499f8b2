"""Pages looked at and covered by a process of its own that may use little memory, little time and nothing else. See `jike.files.covering`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from jike.files import pdf
from jike.files.confined import NoAnswer, answer_of
from jike.files.covering.patterns import KINDS

_PROGRAM = Path(__file__).with_name("covering")
_SECONDS = 500


class Area(NamedTuple):
    """A part of a page: pages count from 1, the rest are fractions of the page from its upper left corner. `kind` is one of `KINDS`."""

    page: int
    x: float
    y: float
    width: float
    height: float
    kind: str

    @property
    def is_on_a_page(self) -> bool:
        inside = 0 <= self.x < 1 and 0 <= self.y < 1 and 0 < self.width <= 1 and 0 < self.height <= 1
        return inside and self.x + self.width <= 1.0001 and self.y + self.height <= 1.0001 and self.kind in KINDS


def area_of(row: Sequence[Any]) -> Area:
    """An area as it is stored and sent: page, x, y, width, height, kind. Raises ValueError or TypeError."""
    page, x, y, width, height, kind = row
    return Area(int(page), float(x), float(y), float(width), float(height), str(kind))


class NotCovered(Exception):
    """No copy came of it that gives nothing away. The text is a code."""


@dataclass(frozen=True, slots=True)
class Look:
    """Pages as a person sees them. `images` are JPEGs one after the other, the first a small one of the first page; `ends` says where
    each ends. `found` are suggestions, `wordless` the pages on which nothing could be suggested."""

    images: bytes
    ends: Sequence[int]
    found: Sequence[Area]
    wordless: Sequence[int]


def look_at(pages: bytes) -> Look | None:
    """Every page drawn, with what should perhaps be covered; nothing where the pages cannot be drawn within the limits."""
    told, images = _asked("look", pages, ())
    try:
        ends = [int(end) for end in told["ends"]]
        found = [area_of(one) for one in told["found"]]
        wordless = [int(page) for page in told["wordless"]]
    except (KeyError, ValueError, TypeError):
        return None
    fits = told.get("outcome") == "seen" and ends == sorted(ends) and len(ends) > 1 and ends[-1] == len(images)
    return Look(images, ends, [area for area in found if area.is_on_a_page], wordless) if fits else None


def covered(pages: bytes, areas: Iterable[Area]) -> bytes:
    """The copy of the pages in which nothing is left under the areas, made by one process and checked by another. Raises `NotCovered`."""
    chosen = list(areas)
    told, copy = _asked("cover", pages, chosen)
    if told.get("outcome") != "covered" or not copy.startswith(b"%PDF-"):
        raise NotCovered("copy.failed")
    if (trouble := trouble_of(copy, chosen)) != "clean":
        raise NotCovered(f"copy.{trouble}")
    return copy


def trouble_of(copy: bytes, areas: Iterable[Area]) -> str:
    """What a copy still gives away: clean, words, visible, pages, or failed where that cannot be told."""
    told, _nothing = _asked("check", copy, areas)
    outcome = told.get("outcome")
    return outcome if outcome in ("clean", "words", "visible", "pages") else "failed"


def _asked(task: str, content: bytes, areas: Iterable[Area]) -> tuple[dict[str, Any], bytes]:
    """What the process says, believed only in the shape agreed upon; one that dies says nothing."""
    face = pdf.face("regular")
    order = {"areas": [area[:5] for area in areas], "face": len(face)}
    try:
        given = json.dumps(order).encode() + b"\n" + face + content
        head, _line, out = answer_of(_PROGRAM, task, given=given, seconds=_SECONDS).partition(b"\n")
        told = json.loads(head)
    except (NoAnswer, ValueError):
        return {}, b""
    return (told, out) if isinstance(told, dict) else ({}, b"")
