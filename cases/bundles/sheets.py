"""The pages of a bundle that the house writes: cover, index, slips for what has no pages, course of the case, list of hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.attachments.standing import line_of
from cases.bundles.models import Bundle
from cases.copies.models import Pages
from jike.base.dates import CST
from jike.files import pdf
from jike.files.bind import POINTER
from jike.web.institution import institution as house
from jike.web.qr import qr_data_uri

LINE, FRAME, PAGE, HEADING, HEAD_ROW = 14.25, 7.4, 717.0, 36.0, 36.0
"""Points: a line of text, a row's border and padding, the printed part of a sheet, heading and head row of the index."""
NAME_WIDE, SOURCE_WIDE, PROVES_WIDE = 113.4, 68.0, 137.5
TEXT, SMALL, NARROW = 9.5, 8.5, 0.56


@dataclass
class Leaf:
    """One item as it will stand in the bundle: what the manifest says, how many pages, and on which it begins."""

    item: dict[str, Any]
    pages: int
    slip: str = ""
    facts: Sequence[Any] = field(default=())
    start: int = 0

    @property
    def label(self) -> str:
        return str(self.item["label"])

    @property
    def is_late(self) -> bool:
        return not self.label.isdigit()

    @property
    def name(self) -> str:
        """What links of the index point at."""
        return f"item-{self.label}"

    @property
    def address(self) -> str:
        return POINTER + self.name

    @property
    def end(self) -> int:
        return self.start + self.pages - 1


@dataclass(frozen=True, slots=True)
class Sheets:
    """PDF of each part: `front` is cover and index, `slips` one page per item without pages, `late` the index of what came later."""

    front: bytes
    front_pages: int
    slips: bytes
    late: bytes
    late_pages: int
    annex: bytes
    annex_pages: int
    pages: int


def slip_of(pages: Pages) -> str:
    """Why an item has no pages of its own; empty for one that has."""
    return "" if pages.outcome == Pages.Outcome.DRAWN else str(pages.outcome)


def write(bundle: Bundle, manifest: dict[str, Any], leaves: Sequence[Leaf], *, is_signed: bool) -> Sheets:
    """Set every sheet, and on each leaf the page it begins on. The same inputs give the same bytes.

    The index says page numbers, and how long it is decides them: it is set once more where the first guess was wrong.
    """
    early, late = [leaf for leaf in leaves if not leaf.is_late], [leaf for leaf in leaves if leaf.is_late]
    shared = _shared(bundle, manifest, leaves, is_signed=is_signed)
    annex, annex_pages = _set("annex", shared)
    slips = _slips([leaf for leaf in leaves if leaf.slip], shared)
    front_pages, late_pages = 1 + max(1, _guessed(early)), _guessed(late)
    while True:
        total = _number(early, late, front_pages, late_pages) + annex_pages
        front, front_is = _set("front", shared | {"rows": early, "pages": total})
        after, late_is = _set("late", shared | {"rows": late}) if late else (b"", 0)
        if (front_is, late_is) == (front_pages, late_pages):
            return Sheets(front, front_pages, slips, after, late_pages, annex, annex_pages, total)
        front_pages, late_pages = front_is, late_is


def _guessed(leaves: Sequence[Leaf]) -> int:
    """How many pages an index of these will take: near enough to be right mostly, and the layout has the last word."""
    pages, left = 0, 0.0
    for leaf in leaves:
        item = leaf.item
        name = _lines(item["title"], NAME_WIDE) + bool(item["class"])
        proves = (
            _lines(item["proves"], PROVES_WIDE) + _lines(item["summary"], PROVES_WIDE, SMALL) + bool(item["pages"][0])
        )
        high = FRAME + LINE * max(1, name, _lines(item["source"], SOURCE_WIDE), proves)
        if high > left:
            pages, left = pages + 1, PAGE - HEAD_ROW - (0 if pages else HEADING)
        left -= high
    return pages


def _lines(text: str, wide: float, size: float = TEXT) -> int:
    """A line holds whole characters."""
    return ceil(sum(1 if ord(char) > 0x2E7F else NARROW for char in text) / (wide // size))


def _number(early: Sequence[Leaf], late: Sequence[Leaf], front_pages: int, late_pages: int) -> int:
    """Give each leaf its first page; returns the last page of them all."""
    page = front_pages + 1
    for leaf in early:
        leaf.start, page = page, page + leaf.pages
    page += late_pages
    for leaf in late:
        leaf.start, page = page, page + leaf.pages
    return page - 1


def _slips(leaves: Sequence[Leaf], shared: dict[str, Any]) -> bytes:
    return _set("slips", shared | {"rows": leaves})[0] if leaves else b""


def _set(name: str, context: dict[str, Any]) -> tuple[bytes, int]:
    with override("zh-hans"), timezone.override(CST):
        return pdf.render_counted(render_to_string(f"bundles/{name}.html", context), title=str(context["title"]))


def _shared(bundle: Bundle, manifest: dict[str, Any], leaves: Sequence[Leaf], *, is_signed: bool) -> dict[str, Any]:
    verify_url = f"{settings.PUBLIC_BASE_URL}/verify/"
    return {
        "title": manifest["title"],
        "manifest": manifest,
        "version": bundle.version,
        "code": bundle.code,
        "manifest_sha256": bytes(bundle.manifest_sha256).hex(),
        "made_at": bundle.asked_at,
        "leaves": leaves,
        "verify_url": verify_url,
        "qr": qr_data_uri(f"{verify_url}?code={bundle.code}"),
        "house": house(),
        "is_signed": is_signed,
        "has_late": any(leaf.is_late for leaf in leaves),
    }


def words_of(item: dict[str, Any]) -> str:
    """Everything people wrote of an item that is printed, to look for characters no font here has."""
    return "".join(str(item[part]) for part in ("title", "source", "proves", "summary", "given_name"))


def facts_of(kind: str, facts: dict[str, Any]) -> list[str]:
    """What a file is, in a few Chinese words."""
    with override("zh-hans"):
        return [str(word) for word in line_of(kind, facts)]
