"""Tables that web systems save as `.xls`: HTML, and the XML of Excel 2003. Read in one pass, nothing is fetched or run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from html.parser import HTMLParser

from cases.imports.content import Content
from cases.imports.encodings import decoded
from cases.imports.headers import Line

_SIGNS = (b"<table", b"<html", b"urn:schemas-microsoft-com:office:spreadsheet")
_WIDEST = 500


def is_markup(head: bytes) -> bool:
    """Whether a file that begins like this is a table in HTML or XML, in any encoding."""
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return plain.startswith(b"<") and any(sign in plain for sign in _SIGNS)


def lines_of(content: Content, encoding: str) -> Iterator[Line]:
    """The rows of all tables of the file, one after the other, counted from 1."""
    parser = _Tables()
    for text in decoded(content, encoding):
        for start in range(0, len(text), 1 << 16):
            parser.feed(text[start : start + (1 << 16)])
            yield from parser.taken()
    parser.close()
    yield from parser.taken()


class _Tables(HTMLParser):
    """Rows and cells of HTML (`tr`, `td`, `th`) and of Excel's XML (`Row`, `Cell`), with their spans."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._numbers = itertools.count(1)
        self._done: list[Line] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._width = self._height = 1
        self._below: dict[int, int] = {}

    def taken(self) -> list[Line]:
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("tr", "row"):
            self._end_row()
            self._row = []
        elif tag in ("td", "th", "cell") and self._row is not None:
            self._end_cell()
            self._place(_number(values.get("ss:index")))
            self._width = _number(values.get("colspan")) or _number(values.get("ss:mergeacross")) + 1
            self._height = _number(values.get("rowspan")) or _number(values.get("ss:mergedown")) + 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row", "table"):
            self._end_row()
            if tag == "table":
                self._below = {}

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _place(self, index: int) -> None:
        """Leave empty cells up to `index`, and where a cell of an earlier row reaches down."""
        if self._row is None:
            return
        while len(self._row) < min(index - 1, _WIDEST) or self._below.get(len(self._row), 0) > 0:
            self._below[len(self._row)] = self._below.get(len(self._row), 0) - 1
            self._row.append("")

    def _end_cell(self) -> None:
        if self._row is None or self._cell is None:
            return
        text = "".join(self._cell).replace("\xa0", " ").strip()
        for n in range(min(self._width, _WIDEST)):
            if self._height > 1:
                self._below[len(self._row)] = self._height - 1
            self._row.append(text if n == 0 else "")
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._place(0)
            self._done.append(Line(next(self._numbers), self._row))
        self._row = None


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else 0
