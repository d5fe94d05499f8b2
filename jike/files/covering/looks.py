"""What a person needs to look at pages and to decide what is covered: a picture of each, and where words stand that might be."""

from __future__ import annotations

import io
from typing import Any

from jike.files.covering import library, patterns

DOTS, LONGEST, QUALITY = 110, 1_800, 72
SMALL = 240
MOST_PAGES = 500
MOST_CHARACTERS = 20_000
MARGIN = 0.003


def look(content: bytes) -> tuple[dict[str, Any], bytes]:
    """A small picture of the first page, then one of every page, as JPEGs one after the other.

    `ends` says where each ends, `wordless` the pages without words, `found` the suggestions: [page, x, y, width, height, kind].
    """
    out, ends = io.BytesIO(), []
    wordless, found = [], []
    document = library.opened(content)
    for number in range(1, min(len(document), MOST_PAGES) + 1):
        page = document[number - 1]
        picture = library.drawn(page, DOTS, most_side=LONGEST)
        if number == 1:
            small = picture.copy()
            small.thumbnail((SMALL, SMALL))
            ends.append(_kept(small, out))
        ends.append(_kept(picture, out))
        text, boxes = words_of(page)
        if not any(char.isalnum() for char in text):
            wordless.append(number)
        for start, end, kind in patterns.found(text):
            found += [[number, *area, kind] for area in _areas(boxes[start:end])]
        page.close()
    return {"ends": ends, "wordless": wordless, "found": found}, out.getvalue()


def _kept(picture: Any, out: io.BytesIO) -> int:
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.tell()


def words_of(page: Any) -> tuple[str, list[tuple[float, float, float, float] | None]]:
    """The characters of a page, and where each stands: left, top, right, bottom as fractions of the page as it is shown."""
    read = page.get_textpage()
    count = min(read.count_chars(), MOST_CHARACTERS)
    codes = [library.code_of(read, index) for index in range(count)]
    text = "".join(chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else " " for code in codes)
    return text, [None if text[index].isspace() else _shown(page, read, index) for index in range(count)]


def _shown(page: Any, read: Any, index: int) -> tuple[float, float, float, float] | None:
    left, low, right, high = read.get_charbox(index, loose=True)
    corners = [library.on_screen(page, x, y) for x in (left, right) for y in (low, high)]
    across, down = zip(*corners, strict=True)
    box = (min(across), min(down), max(across), max(down))
    return box if box[2] > box[0] and box[3] > box[1] else None


def _areas(boxes: list[tuple[float, float, float, float] | None]) -> list[tuple[float, float, float, float]]:
    """One rectangle for each line the characters stand on, a little larger than they are."""
    lines: list[list[float]] = []
    for box in filter(None, boxes):
        middle = (box[1] + box[3]) / 2
        if lines and lines[-1][1] <= middle <= lines[-1][3]:
            last = lines[-1]
            lines[-1] = [min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])]
        else:
            lines.append(list(box))
    areas = []
    for left, top, right, bottom in lines:
        x, y = max(0.0, left - MARGIN), max(0.0, top - MARGIN)
        width, height = min(1.0, right + MARGIN) - x, min(1.0, bottom + MARGIN) - y
        if width > 0 and height > 0:
            areas.append((round(x, 5), round(y, 5), round(width, 5), round(height, 5)))
    return areas
