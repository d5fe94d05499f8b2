"""Reading tables as people send them: CSV in any usual encoding, XLSX, JSONL. Rows come one by one, with their line numbers."""

from __future__ import annotations

import codecs
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from cases.imports import remarks
from cases.imports.encodings import encoding_of
from cases.imports.records import Record, records
from cases.imports.remarks import Remark

Cell = str | int | float | bool | datetime | date | None
Score = Callable[[list[str]], int]
FORMATS = ("csv", "xlsx", "jsonl")
_SEARCH_ROWS = 60
_SEARCH_LINES = 600
_SHEET_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


class Unreadable(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `line` is the line of the file (or of the sheet) where it begins, counted from 1. `problem` replaces cells."""

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    problem: Remark | None = None
    warning: Remark | None = None


@dataclass(slots=True)
class Table:
    """A file opened for reading. `headers` is empty for JSONL, whose keys come with each row."""

    headers: list[str]
    rows: Iterator[Row]
    warnings: list[Remark] = field(default_factory=list)


def open_table(path: Path, *, score: Score, file_format: str = "", encoding: str = "") -> Table:
    """Open `path` and find its header row: among the first rows the one where `score` (recognised columns) is highest.

    Raises `Unreadable` when there is no header row or the file is not what it is called.
    """
    if not path.is_file():
        raise Unreadable(_("There is no file {path}.").format(path=path))
    if encoding:
        _refuse_unknown(encoding)
    chosen = file_format or _format_of(path)
    if chosen == "xlsx":
        return _open_sheet(path, score)
    encoding = encoding or encoding_of(path)
    if chosen == "jsonl":
        return Table([], _json_rows(path, encoding))
    return _open_csv(path, encoding, score)


def _format_of(path: Path) -> str:
    """csv, xlsx or jsonl: by content first, then by the name."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old Excel file (.xls). Save it as .xlsx or CSV and import that."))
    if path.suffix.lower() in (".jsonl", ".ndjson") or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return "jsonl"
    return "csv"


def _refuse_unknown(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise Unreadable(_("There is no encoding {encoding}.").format(encoding=encoding)) from error


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from file


def named(headers: list[str]) -> list[str]:
    """Headers as keys: a column without a name gets its number, the second of two equal ones a mark."""
    result: list[str] = []
    for n, header in enumerate(headers, start=1):
        name = header.strip() or f"#{n}"
        result.append(f"{name} #{n}" if name in result else name)
    return result


def _open_csv(path: Path, encoding: str, score: Score) -> Table:
    head = list(itertools.islice(_lines(path, encoding), _SEARCH_LINES))
    best: tuple[int, str, int] = (0, ",", 0)
    for delimiter in (",", "\t", ";", "|"):
        for n, record in enumerate(itertools.islice(records(iter(head), delimiter), _SEARCH_ROWS)):
            if (found := score(named(record.cells))) > best[0]:
                best = (found, delimiter, n)
    found, delimiter, before = best
    if not found:
        raise Unreadable(_no_header())
    first = list(itertools.islice(records(iter(head), delimiter), before + 1))
    headers = named(first[-1].cells)
    rows = records(_lines(path, encoding), delimiter, width=len(headers), skip=before + 1)
    return Table(headers, _by_header(rows, headers), [remarks.before_header(record.line) for record in first[:-1]])


def _by_header(found: Iterator[Record], headers: list[str]) -> Iterator[Row]:
    """Rows by header. A row with more cells than columns has shifted, and is a problem; missing cells at the end are empty."""
    for record in found:
        problem, warning = record.problem, record.warning
        if not problem and any(cell.strip() for cell in record.cells[len(headers) :]):
            problem = remarks.too_many_cells(len(record.cells), len(headers))
        elif not problem and len(record.cells) < len(headers):
            warning = remarks.too_few_cells(len(record.cells), len(headers))
        yield Row(record.line, {} if problem else dict(zip(headers, record.cells, strict=False)), problem, warning)


def _json_rows(path: Path, encoding: str) -> Iterator[Row]:
    for line, text in enumerate(_lines(path, encoding), start=1):
        text = text.strip().strip("\ufeff")
        if not text:
            continue
        try:
            content: Any = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            yield Row(line, problem=remarks.not_json())
        elif nested := [key for key, value in content.items() if isinstance(value, dict | list)]:
            yield Row(line, problem=remarks.nested_value(nested[0][:40]))
        else:
            yield Row(line, content, warning=remarks.unreadable_characters() if "\ufffd" in text else None)


def _open_sheet(path: Path, score: Score) -> Table:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise Unreadable(
            _("This is not a readable Excel file ({error}).").format(error=type(error).__name__)
        ) from error
    best: tuple[int, Any, int] = (0, None, 0)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(values_only=True, max_row=_SEARCH_ROWS), start=1):
            if (found := score(named([_text(cell) for cell in cells]))) > best[0]:
                best = (found, sheet, line)
    found, chosen, header_line = best
    if not found:
        book.close()
        raise Unreadable(_no_header())
    warnings = [
        remarks.sheet_left_out(sheet.title) for sheet in book.worksheets if sheet is not chosen and _has_cells(sheet)
    ]
    first = list(chosen.iter_rows(values_only=True, max_row=header_line))
    warnings += [
        remarks.before_header(n)
        for n, cells in enumerate(first[:-1], start=1)
        if any(cell is not None for cell in cells)
    ]
    headers = named([_text(cell) for cell in first[-1]])
    return Table(headers, _sheet_rows(book, chosen, header_line, headers), warnings)


def _has_cells(sheet: Any) -> bool:
    return any(cell is not None for cells in sheet.iter_rows(values_only=True, max_row=_SEARCH_ROWS) for cell in cells)


def _sheet_rows(book: Any, sheet: Any, header_line: int, headers: list[str]) -> Iterator[Row]:
    try:
        for line, cells in enumerate(sheet.iter_rows(values_only=True, min_row=header_line + 1), start=header_line + 1):
            if all(_text(cell).strip() == "" for cell in cells):
                continue
            if any(cell is not None for cell in cells[len(headers) :]):
                yield Row(line, problem=remarks.too_many_cells(len(cells), len(headers)))
                continue
            broken = [cell for cell in cells if isinstance(cell, str) and cell in _SHEET_ERRORS]
            yield Row(
                line, dict(zip(headers, cells, strict=False)), warning=remarks.error_cell(broken[0]) if broken else None
            )
    finally:
        book.close()


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _no_header() -> str:
    return _("No header row was found among the first rows. Name the columns: --map field=Header,…")
