"""Workbooks: XLSX of any size row by row, and the old XLS. Sheets are told apart by how many columns of a header are known."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import openpyxl
import xlrd
from django.utils.translation import gettext as _
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cases.imports import remarks
from cases.imports.archives import Bomb, Findings, look_into, refuse_bombs
from cases.imports.content import Content
from cases.imports.headers import Header, Line, Score, find, guessed
from cases.imports.remarks import Remark

SEARCH_ROWS = 60
LARGEST_OLD = 60 * 1024 * 1024
_SURE_DIGITS = 10**15
_FROM_1904 = 1462


class NotAWorkbook(ValueError):
    """The file cannot be read as a workbook; the text says why."""


@dataclass(slots=True)
class Sheet:
    """One sheet. `lines()` reads it from the top; `look` finds what its cells do not show."""

    name: str
    lines: Callable[[], Iterator[Line]]
    is_hidden: bool = False
    look: Callable[[], Findings] = Findings
    close: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Chosen:
    """The sheet that is read, its header, and what to say about the workbook."""

    sheet: Sheet
    header: Header
    header_line: int
    names: list[str]
    warnings: list[Remark] = field(default_factory=list)
    formulas: set[int] = field(default_factory=set)


def choose(sheets: list[Sheet], score: Score, *, wanted: str, at: int, guess: bool) -> Chosen | None:
    """The sheet whose header names most fields, or the one that is wanted. `guess` takes any first line with texts."""
    heads = {sheet.name: list(itertools.islice(sheet.lines(), max(SEARCH_ROWS, at))) for sheet in sheets}
    best: tuple[Header, Sheet] | None = None
    for sheet in sheets:
        if wanted and sheet.name != wanted:
            continue
        found = find(heads[sheet.name], score, at=at)
        if found is None and guess and (wanted or not best):
            found = guessed([line for line in heads[sheet.name] if not line.is_blank])
        if found and (best is None or found.score > best[0].score):
            best = found, sheet
    if best is None:
        return None
    header, sheet = best
    lines = heads[sheet.name] if header.score or at else [line for line in heads[sheet.name] if not line.is_blank]
    chosen = Chosen(sheet, header, lines[header.last].number, [one.name for one in sheets])
    chosen.warnings = [
        remarks.sheet_left_out(one.name)
        for one in sheets
        if one is not sheet and any(not line.is_blank for line in heads[one.name])
    ]
    chosen.warnings += [remarks.sheet_hidden(sheet.name)] if sheet.is_hidden else []
    chosen.warnings += [remarks.before_header(line.number) for line in lines[: header.first] if not line.is_blank]
    found_in = sheet.look()
    chosen.warnings += found_in.warnings(header.names, chosen.header_line)
    chosen.formulas = found_in.formulas
    return chosen


def sheets_of_xlsx(content: Content) -> list[Sheet]:
    """The sheets of an XLSX. Raises `NotAWorkbook`, before anything is unpacked when it would unpack to a bomb."""
    try:
        with closing(content.open()) as file, zipfile.ZipFile(file) as archive:
            refuse_bombs(archive)
        file = content.open()
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Bomb as error:
        raise NotAWorkbook(str(error)) from None
    except Exception as error:
        raise NotAWorkbook(
            _("This is not a readable Excel file ({error}).").format(error=type(error).__name__)
        ) from error
    return [_xlsx_sheet(book, sheet, file) for sheet in book.worksheets]


def _xlsx_sheet(book: Any, sheet: Any, file: BinaryIO) -> Sheet:
    sheet.reset_dimensions()
    is_1904 = book.epoch == CALENDAR_MAC_1904

    def lines() -> Iterator[Line]:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield Line(number, [_cell(cell, is_1904=is_1904) for cell in cells])

    def look() -> Findings:
        return look_into(book._archive, sheet._worksheet_path)

    return Sheet(sheet.title, lines, sheet.sheet_state != "visible", look, file.close)


def sheets_of_xls(content: Content) -> list[Sheet]:
    """The sheets of an old XLS (BIFF), of which there are at most 65,536 rows. Raises `NotAWorkbook`."""
    with closing(content.open()) as file:
        data = file.read(LARGEST_OLD + 1)
    if len(data) > LARGEST_OLD:
        raise NotAWorkbook(_("An old Excel file of this size cannot be read. Save it as .xlsx or CSV."))
    try:
        book = _opened(data)
    except Exception as error:
        raise NotAWorkbook(
            _("This is not a readable old Excel file ({error}). A password? Save it as .xlsx or CSV.").format(
                error=type(error).__name__
            )
        ) from error
    return [_xls_sheet(book, book.sheet_by_index(n)) for n in range(book.nsheets)]


def _opened(data: bytes) -> Any:
    """With the formats where possible: they say which columns are hidden and which cells are merged."""
    quiet = io.StringIO()
    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=quiet)
    except Exception:
        return xlrd.open_workbook(file_contents=data, logfile=quiet)


def _xls_sheet(book: Any, sheet: Any) -> Sheet:
    def lines() -> Iterator[Line]:
        for row in range(sheet.nrows):
            yield Line(row + 1, [_old_cell(book, cell) for cell in sheet.row(row)])

    def look() -> Findings:
        return Findings(
            hidden_columns={n + 1 for n, info in sheet.colinfo_map.items() if info.hidden and n < sheet.ncols},
            hidden_rows=sum(1 for n, info in sheet.rowinfo_map.items() if info.hidden and n < sheet.nrows),
            merged_lines=[first + 1 for first, last, _left, _right in sheet.merged_cells if last > first + 1],
        )

    return Sheet(sheet.name, lines, sheet.visibility != 0, look)


def _old_cell(book: Any, cell: Any) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return "#VALUE!"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#VALUE!")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return _cell(cell.value, is_1904=book.datemode == 1)
    return cell.value or None


def _cell(value: Any, *, is_1904: bool) -> Any:
    """A value as the rest reads it. A spreadsheet keeps 15 digits of a number: a longer one is written as it would show it.

    Days are counted from 1899-12-30 everywhere; a plain number that may be a day of a workbook from 1904 on is a `Day1904`.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if abs(value) >= _SURE_DIGITS:
        return f"{value:.14E}"
    if is_1904 and 20_000 < value < 80_000:
        return Day1904(value)
    return int(value) if float(value).is_integer() else value


class Day1904(float):
    """A plain number of a workbook that counts its days from 1904: as a date it is four years and a day later."""

    @property
    def as_day(self) -> float:
        return float(self) + _FROM_1904
