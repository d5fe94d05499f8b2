"""Pages bound into one document by a process of its own that may use little else. See `jike.files.binding`.

What is bound lies meanwhile in files without a name: they are gone when the process that opened them is.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from jike.files.confined import NoAnswer, answer_of

_PROGRAM = Path(__file__).with_name("binding")
_SECONDS = 480  # less than a lease of whoever has it bound
POINTER = "https://page.invalid/"
"""What a link on a page begins with that leads to the part of a `name`."""


class NotBound(Exception):
    """The pages could not be bound within the limits, or one of the parts is no PDF."""


@dataclass(frozen=True, slots=True)
class Part:
    """Pages in a bundle: `content` is a PDF in pieces, of which `count` pages from `first` (counted from 0) are bound; without `count` all.

    `stamp` stands at the left foot of each page, `title` in the outline at `level` 0 or 1. Parts of one PDF name the very same `content`.
    """

    content: Iterable[bytes]
    first: int = 0
    count: int = 0
    title: str = ""
    level: int = 0
    stamp: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the document, byte for byte. `relation` is that of PDF: Source, Data, Supplement."""

    content: Iterable[bytes]
    name: str
    kind: str
    note: str = ""
    relation: str = "Source"


@dataclass(frozen=True, slots=True)
class Bound:
    """How many pages there are, and on which each part begins, counted from 1."""

    pages: int
    starts: list[int]


def bind(
    parts: Sequence[Part],
    target: BinaryIO,
    *,
    title: str,
    at: datetime,
    numbering: str,
    attached: Sequence[Attached] = (),
) -> Bound:
    """Write the bound document into `target`, an open file of this machine. The same parts give the same bytes.

    `numbering` is printed at the right foot of each page, with `{page}` and `{pages}`. Raises `NotBound`, and what reading a part raises.
    """
    with tempfile.TemporaryFile() as data:
        placed: dict[int, dict[str, Any]] = {}
        for part in parts:
            if id(part.content) not in placed:
                placed[id(part.content)] = _placed(data, part.content)
        order = {
            "parts": [placed[id(part.content)] | _said(part) for part in parts],
            "attached": [_placed(data, one.content) | _described(one) for one in attached],
            "title": title,
            "lang": "zh-CN",
            "at": f"D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z",
            "numbering": numbering,
            "font": _placed(data, [_face()[0]]) | {"codes": _face()[1]},
        }
        data.flush()
        return _run(order, data, target)


def _run(order: dict[str, Any], data: Any, target: BinaryIO) -> Bound:
    handles = (data.fileno(), target.fileno())
    given = json.dumps(order).encode()
    try:
        told = json.loads(answer_of(_PROGRAM, *map(str, handles), given=given, seconds=_SECONDS, files=handles))
        return Bound(int(told["pages"]), [int(start) for start in told["starts"]])
    except (NoAnswer, ValueError, KeyError, TypeError):
        raise NotBound from None


def _placed(data: Any, content: Iterable[bytes]) -> dict[str, Any]:
    start = data.tell()
    for piece in content:
        data.write(piece)
    return {"at": start, "size": data.tell() - start}


def _said(part: Part) -> dict[str, Any]:
    said = {"title": part.title, "level": part.level, "stamp": part.stamp, "name": part.name}
    return said | {"first": part.first, "count": part.count}


def _described(one: Attached) -> dict[str, Any]:
    return {"name": one.name, "kind": one.kind, "note": one.note, "relation": one.relation}


@cache
def _face() -> tuple[bytes, dict[str, list[int]]]:
    """The outlines of the font of the stamps, and for each of its characters the number in the font and the width."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only needed to bind

    path = Path(settings.BASE_DIR) / "static" / "fonts" / "NotoSansSC-Stamp.otf"
    with TTFont(path, lazy=True) as font:
        widths = font["hmtx"]
        codes = {chr(char): [int(name[3:]), widths[name][0]] for char, name in font.getBestCmap().items()}
        return font.reader["CFF "], codes
