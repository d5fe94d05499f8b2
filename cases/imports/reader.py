"""Reading tables as people send them: CSV in any usual encoding, XLSX, JSONL. Rows come one by one, with their line numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from cases.imports.encodings import encoding_of

Cell = str | int | float | bool | datetime | date | None
FORMATS = ("csv", "xlsx", "jsonl")
_SEARCH_ROWS = 60
_LONGEST_LINES = 2_000
_LONGEST_TEXT = 1_000_000
csv.field_size_limit(2 * _LONGEST_TEXT)


class Unreadable(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `line` is the line of the file (or of the sheet) where it begins, counted from 1. `problem` replaces cells."""

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    problem: str = ""
    warning: str = ""


@dataclass(slots=True)
class Table:
    """A file opened for reading. `headers` is empty for JSONL, whose keys come with each row."""

    headers: list[str]
    rows: Iterator[Row]
    warnings: list[str] = field(default_factory=list)


def format_of(path: Path) -> str:
    """csv, xlsx or jsonl: by content first, then by the name."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is an old Excel file (.xls). Save it as .xlsx or CSV and import that.")
    if path.suffix.lower() in (".jsonl", ".ndjson") or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return "jsonl"
    return "csv"


def open_table(path: Path, *, score: Callable[[list[str]], int], file_format: str = "", encoding: str = "") -> Table:
    """Open `path` and find its header row: among the first rows the one where `score` (recognised columns) is highest.

    Raises `Unreadable` when there is no header row or the file is not what it is called.
    """
    chosen = file_format or format_of(path)
    if chosen == "xlsx":
        return _open_sheet(path, score)
    encoding = encoding or encoding_of(path)
    if chosen == "jsonl":
        return Table([], _json_rows(path, encoding))
    return _open_csv(path, encoding, score)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with io.open(path, encoding=encoding, errors="replace", newline="") as file:
        yield from file


class _Unclosed(Exception):
    """A quotation mark was opened and never closed."""


class _Records:
    """Records of a CSV with the line each begins on. A quote that is never closed costs its own line, not the rest of the file."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._again: list[str] = []
        self._buffer: list[str] = []
        self._size = self._line = 0

    def _feed(self) -> Iterator[str]:
        while True:
            text = self._again.pop(0) if self._again else next(self._lines, None)
            if self._buffer and (text is None or len(self._buffer) >= _LONGEST_LINES or self._size > _LONGEST_TEXT):
                if text is not None:
                    self._again.insert(0, text)
                raise _Unclosed
            if text is None:
                return
            self._buffer.append(text)
            self._size += len(text)
            yield text.replace("\0", "")

    def __iter__(self) -> Iterator[tuple[int, list[str], str, str]]:
        """(line, cells, problem, warning) for every record that is not blank."""
        reader = csv.reader(self._feed(), delimiter=self._delimiter)
        while True:
            begin, cells, problem = self._line + 1, [], ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (_Unclosed, csv.Error):
                problem = "A quotation mark is opened and not closed."
                self._again = [*self._buffer[1:], *self._again]
                self._buffer = self._buffer[:1]
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
            warning = _damage("".join(self._buffer))
            self._line += len(self._buffer)
            self._buffer, self._size = [], 0
            if problem or any(cell.strip() for cell in cells):
                yield begin, cells, problem, warning


def _damage(text: str) -> str:
    if "\ufffd" in text:
        return "Some characters could not be read in the file's encoding."
    return "Zero bytes were left out." if "\0" in text else ""


def _open_csv(path: Path, encoding: str, score: Callable[[list[str]], int]) -> Table:
    best: tuple[int, str, int] = (0, ",", 0)
    for delimiter in (",", "\t", ";", "|"):
        for n, (_line, cells, _problem, _warning) in enumerate(_Records(_lines(path, encoding), delimiter)):
            if n >= _SEARCH_ROWS:
                break
            if (found := score(cells)) > best[0]:
                best = (found, delimiter, n)
    if best[0] == 0:
        raise Unreadable(_no_header())
    records = iter(_Records(_lines(path, encoding), best[1]))
    skipped = [next(records) for _ in range(best[2])]
    line, headers, _problem, _warning = next(records)
    warnings = [f"Line {skip[0]} comes before the header and was left out." for skip in skipped]
    return Table(headers, _matched(records, headers), warnings) if line else Table(headers, records, warnings)


def _matched(records: Iterator[tuple[int, list[str], str, str]], headers: list[str]) -> Iterator[Row]:
    """Rows by header. A row with more cells than columns has shifted, and is a problem; missing cells at the end are empty."""
    for line, cells, problem, warning in records:
        extra = [cell for cell in cells[len(headers) :] if cell.strip()]
        if not problem and extra:
            problem = f"The row has {len(cells)} cells, the header {len(headers)}."
        elif not problem and len(cells) < len(headers):
            warning = f"The row has {len(cells)} cells, the header {len(headers)}; the missing ones were taken as empty."
        yield Row(line, {} if problem else dict(zip(headers, cells, strict=False)), problem, warning)


def _json_rows(path: Path, encoding: str) -> Iterator[Row]:
    for line, text in enumerate(_lines(path, encoding), start=1):
        if not text.strip().strip("\ufeff"):
            continue
        try:
            content: Any = json.loads(text.strip().strip("\ufeff"))
        except (ValueError, RecursionError):
            yield Row(line, problem="The line is not JSON.")
            continue
        if not isinstance(content, dict):
            yield Row(line, problem="The line is JSON, but not one object.")
        elif nested := [key for key, value in content.items() if isinstance(value, dict | list)]:
            yield Row(line, problem=f"The value of {nested[0]!r} is not a plain value.")
        else:
            yield Row(line, content, warning=_damage(text))


def _open_sheet(path: Path, score: Callable[[list[str]], int]) -> Table:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise Unreadable(f"This is not a readable Excel file ({type(error).__name__}).") from error
    best: tuple[int, Any, int] = (0, None, 0)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(values_only=True, max_row=_SEARCH_ROWS), start=1):
            if (found := score([_as_header(cell) for cell in cells])) > best[0]:
                best = (found, sheet, line)
    if best[1] is None:
        raise Unreadable(_no_header())
    warnings = [f"The sheet {sheet.title!r} was left out." for sheet in book.worksheets if sheet is not best[1] and _has_cells(sheet)]
    rows = enumerate(best[1].iter_rows(values_only=True), start=1)
    headers: list[str] = []
    for line, cells in rows:
        if line == best[2]:
            headers = [_as_header(cell) for cell in cells]
            break
        if any(cell is not None for cell in cells):
            warnings.append(f"Line {line} comes before the header and was left out.")
    return Table(headers, _sheet_rows(rows, headers, book.epoch), warnings)


def _has_cells(sheet: Any) -> bool:
    return any(cell is not None for cells in sheet.iter_rows(values_only=True, max_row=_SEARCH_ROWS) for cell in cells)


def _sheet_rows(rows: Iterator[tuple[int, tuple[Any, ...]]], headers: list[str], epoch: datetime) -> Iterator[Row]:
    for line, cells in rows:
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        broken = [str(cell) for cell in cells if isinstance(cell, str) and cell in ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!")]
        extra = [cell for cell in cells[len(headers) :] if cell is not None]
        if extra:
            yield Row(line, problem=f"The row has {len(cells)} cells, the header {len(headers)}.")
            continue
        warning = f"A cell holds the error {broken[0]}." if broken else ""
        yield Row(line, dict(zip(headers, cells, strict=False)), warning=warning)


def _as_header(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _no_header() -> str:
    return "No header row was found in the first rows. Name the columns with --map field=Header,…"
