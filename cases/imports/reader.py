"""Reading tables as people send them: CSV in any usual encoding, Excel old and new, HTML called Excel, JSONL.

Rows come one by one, with their line numbers.
"""

from __future__ import annotations

import codecs
import io
import itertools
import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.imports import markup, remarks
from cases.imports.content import Content, OnDisk
from cases.imports.encodings import encoding_of
from cases.imports.garbled import is_garbled, mended
from cases.imports.headers import Cell, Header, Line, Score, find, guessed, left_out, text_of
from cases.imports.markup import is_markup
from cases.imports.records import Record, records
from cases.imports.remarks import Remark
from cases.imports.sheets import NotAWorkbook, Sheet, choose, sheets_of_xls, sheets_of_xlsx

FORMATS = ("csv", "xlsx", "xls", "html", "jsonl")
_SEARCH_ROWS = 60
_SEARCH_LINES = 600
_SHEET_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


class Unreadable(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `line` is the line of the file (or of the sheet) where it begins, counted from 1.

    `problem` replaces cells. `left_out` says why the line is no record at all: a header of a later page, a total, a foot.
    """

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    problem: Remark | None = None
    warnings: tuple[Remark, ...] = ()
    left_out: Remark | None = None


@dataclass(slots=True)
class Table:
    """A file opened for reading. `headers` is empty for JSONL, whose keys come with each row.

    `header_line` is the last line of the header; `is_known` whether its columns were recognised, not guessed.
    """

    headers: list[str]
    rows: Iterator[Row]
    warnings: list[Remark] = field(default_factory=list)
    file_format: str = ""
    encoding: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    header_line: int = 0
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caller says about the file; what is empty is found from the content. `guess` takes an unknown header too."""

    file_format: str = ""
    encoding: str = ""
    sheet: str = ""
    header_line: int = 0
    guess: bool = False


def open_table(
    source: Path | Content, *, score: Score, choice: Choice | None = None, file_format: str = "", encoding: str = ""
) -> Table:
    """Open `source` and find its header: among the first rows the one where `score` (recognised columns) is highest.

    Raises `Unreadable` when there is no header row or the file is not what it is called.
    """
    choice = choice or Choice(file_format, encoding)
    if isinstance(source, Path):
        if not source.is_file():
            raise Unreadable(_("There is no file {path}.").format(path=source))
        source = OnDisk(source)
    if choice.encoding:
        _refuse_unknown(choice.encoding)
    chosen = choice.file_format or format_of(source)
    if chosen in ("xlsx", "xls"):
        return _open_book(source, chosen, score, choice)
    encoding = choice.encoding or encoding_of(source)
    if chosen == "jsonl":
        return Table([], _json_rows(source, encoding), file_format=chosen, encoding=encoding)
    if chosen == "html":
        return _open_markup(source, encoding, score, choice)
    return _open_csv(source, encoding, score, choice)


def format_of(content: Content) -> str:
    """One of `FORMATS`: by content first, then by the name. What people call a file says little: many systems write
    HTML or tab-separated text and call it .xls."""
    with content.open() as file:
        head = file.read(2048)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0") or head[:4] in (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00"):
        return "xls"
    if is_markup(head):
        return "html"
    if content.suffix in (".jsonl", ".ndjson") or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return "jsonl"
    return "csv"


def _refuse_unknown(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise Unreadable(_("There is no encoding {encoding}.").format(encoding=encoding)) from error


def _text_lines(content: Content, encoding: str) -> Iterator[str]:
    with io.TextIOWrapper(content.open(), encoding=encoding, errors="replace", newline="") as file:
        yield from file


def _open_csv(content: Content, encoding: str, score: Score, choice: Choice) -> Table:
    head = list(itertools.islice(_text_lines(content, encoding), _SEARCH_LINES))
    best: tuple[Header | None, str, list[Line]] = (None, ",", [])
    for delimiter in (",", "\t", ";", "|"):
        lines = [_as_line(one) for one in itertools.islice(records(iter(head), delimiter), _SEARCH_ROWS)]
        found = find(_sound(lines), score, at=choice.header_line) or (guessed(_sound(lines)) if choice.guess else None)
        if found and _weight(found) > _weight(best[0]):
            best = (found, delimiter, lines)
    header, delimiter, lines = best
    if header is None:
        raise Unreadable(_no_header())
    found_records = records(_text_lines(content, encoding), delimiter, width=len(header.names), skip=header.last + 1)
    below = (_as_line(one) for one in found_records)
    table = Table([], iter(()), [remarks.before_header(line.number) for line in lines[: header.first]], "csv", encoding)
    return _with_rows(table, header, lines, below, wants_width=True)


def _weight(header: Header | None) -> tuple[int, int]:
    return (-1, 0) if header is None else (header.score, len(header.names))


def _open_markup(content: Content, encoding: str, score: Score, choice: Choice) -> Table:
    head = list(itertools.islice(markup.lines_of(content, encoding), max(_SEARCH_ROWS, choice.header_line)))
    lines = [line for line in head if not line.is_blank]
    header = find(_sound(lines), score, at=choice.header_line) or (guessed(_sound(lines)) if choice.guess else None)
    if header is None:
        raise Unreadable(_no_header())
    last = lines[header.last].number
    below = (line for line in markup.lines_of(content, encoding) if line.number > last)
    before = [remarks.before_header(line.number) for line in lines[: header.first]]
    return _with_rows(Table([], iter(()), before, "html", encoding), header, lines, below)


def _open_book(content: Content, file_format: str, score: Score, choice: Choice) -> Table:
    sheets: list[Sheet] = []
    try:
        sheets = (sheets_of_xlsx if file_format == "xlsx" else sheets_of_xls)(content)
        chosen = choose(sheets, score, wanted=choice.sheet, at=choice.header_line, guess=choice.guess)
    except NotAWorkbook as error:
        raise Unreadable(str(error)) from error
    except Exception as error:  # a damaged part is found only when it is read
        raise Unreadable(
            _("This is not a readable Excel file ({error}).").format(error=type(error).__name__)
        ) from error
    if chosen is None:
        sheets[0].close()
        raise Unreadable(_no_header())
    below = (line for line in chosen.sheet.lines() if line.number > chosen.header_line)
    table = Table([], iter(()), chosen.warnings, file_format, "", chosen.sheet.name, chosen.names)
    table.header_line, table.headers, table.is_known = chosen.header_line, chosen.header.names, chosen.header.score > 0
    rows = rows_under(chosen.header, below, formulas=chosen.formulas, has_errors=True)
    table.rows = _closing(rows, chosen.sheet)
    return table


def _closing(rows: Iterator[Row], sheet: Sheet) -> Iterator[Row]:
    try:
        yield from rows
    finally:
        sheet.close()


def _with_rows(
    table: Table, header: Header, lines: list[Line], below: Iterator[Line], *, wants_width: bool = False
) -> Table:
    """The table with its headers and rows. Where the header itself was spoilt, the whole file was: it is said once."""
    is_spoilt = any(mended(text) for line in lines[header.first : header.last + 1] for text in line.texts)
    if is_spoilt:
        table.warnings.append(remarks.file_mended())
    table.header_line, table.headers, table.is_known = lines[header.last].number, header.names, header.score > 0
    table.rows = rows_under(header, below, wants_width=wants_width, says_mended=not is_spoilt)
    return table


def _as_line(record: Record) -> Line:
    return Line(record.line, record.cells, record.problem, (record.warning,) if record.warning else ())


def _sound(lines: list[Line]) -> list[Line]:
    """The first lines with spoilt text restored: a header must be known in its own words."""
    return [Line(one.number, [mended(t) or t for t in one.texts], one.problem, one.warnings) for one in lines]


def rows_under(
    header: Header,
    lines: Iterator[Line],
    *,
    wants_width: bool = False,
    says_mended: bool = True,
    formulas: Container[int] = frozenset(),
    has_errors: bool = False,
) -> Iterator[Row]:
    """Rows by header. A row with more cells than columns has shifted, and is a problem; missing cells at the end are empty."""
    width = len(header.names)
    for line in lines:
        if line.problem:
            yield Row(line.number, problem=line.problem)
            continue
        if line.is_blank:
            continue
        sound = Line(line.number, [(mended(c) or c) if isinstance(c, str) else c for c in line.cells])
        if reason := left_out(sound, header):
            yield Row(line.number, left_out=reason)
            continue
        if any(text_of(cell).strip() for cell in line.cells[width:]):
            yield Row(line.number, problem=remarks.too_many_cells(len(line.cells), width))
            continue
        warnings = [*line.warnings, *_doubts(header, line, sound, says_mended=says_mended)]
        if wants_width and not warnings and len(line.cells) < width:
            warnings.append(remarks.too_few_cells(len(line.cells), width))
        if line.number in formulas:
            warnings.append(remarks.formula_without_value())
        if has_errors and (broken := [c for c in line.cells if isinstance(c, str) and c in _SHEET_ERRORS]):
            warnings.append(remarks.error_cell(broken[0]))
        yield Row(line.number, dict(zip(header.names, sound.cells, strict=False)), None, tuple(warnings))


def _doubts(header: Header, line: Line, sound: Line, *, says_mended: bool) -> Iterator[Remark]:
    """What to say about the encoding of the texts of a row."""
    for name, before, after in zip(header.names, line.cells, sound.cells, strict=False):
        if not isinstance(before, str) or before.isascii():
            continue
        if before != after and says_mended:
            yield remarks.text_mended(name[:40])
        elif before == after and is_garbled(before):
            yield remarks.text_garbled(name[:40])


def _json_rows(content: Content, encoding: str) -> Iterator[Row]:
    for line, text in enumerate(_text_lines(content, encoding), start=1):
        text = text.strip().strip("\ufeff")
        if not text:
            continue
        try:
            found: Any = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            yield Row(line, problem=remarks.not_json())
        elif nested := [key for key, value in found.items() if isinstance(value, dict | list)]:
            yield Row(line, problem=remarks.nested_value(nested[0][:40]))
        else:
            yield Row(line, found, warnings=(remarks.unreadable_characters(),) if "\ufffd" in text else ())


def _no_header() -> str:
    return _("No header row was found among the first rows. Name the columns: --map field=Header,…")
