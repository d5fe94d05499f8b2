"""What is said about a file or a row: a fixed code and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Remark:
    """`code` is `noun.problem` and stays fixed; the sentence names columns and numbers of the file, never personal data."""

    code: str
    message: Text

    def __str__(self) -> str:
        return str(self.message)


def remark(code: str, message: Text, **values: Text | int) -> Remark:
    """A remark whose sentence has `values` filled in when it is shown, in the language it is shown in."""
    return Remark(code, format_lazy(message, **values) if values else message)


def quote_open() -> Remark:
    return remark("row.quote_open", _("A quotation mark is opened and not closed properly."))


def quotes_loose() -> Remark:
    return remark(
        "row.quotes_loose", _("Quotation marks inside a cell are not doubled; some may be missing in the text.")
    )


def too_many_cells(cells: int, headers: int) -> Remark:
    return remark(
        "row.too_many_cells",
        _("The row has {cells} cells, the header has {headers}: the columns have shifted."),
        cells=cells,
        headers=headers,
    )


def too_few_cells(cells: int, headers: int) -> Remark:
    return remark(
        "row.too_few_cells",
        _("The row has {cells} cells, the header has {headers}; the missing ones count as empty."),
        cells=cells,
        headers=headers,
    )


def broken_record(lines: int) -> Remark:
    return remark(
        "row.broken",
        _("The record runs over {lines} lines and does not fit the header; its other lines are read on their own."),
        lines=lines,
    )


def unreadable_characters() -> Remark:
    return remark("row.characters_lost", _("Some characters cannot be read in the encoding of the file."))


def zero_bytes() -> Remark:
    return remark("row.zero_bytes", _("Zero bytes were left out."))


def before_header(line: int) -> Remark:
    return remark("file.before_header", _("Line {line} comes before the header and was left out."), line=line)


def sheet_left_out(name: str) -> Remark:
    return remark("file.sheet_left_out", _("The sheet “{name}” was left out."), name=name)


def column_left_out(header: str) -> Remark:
    return remark("file.column_left_out", _("The column “{header}” is not known and was not imported."), header=header)


def column_twice(header: str) -> Remark:
    return remark(
        "file.column_twice", _("Two columns mean the same field; “{header}” was not imported."), header=header
    )


def not_json() -> Remark:
    return remark("row.not_json", _("The line is not one JSON object."))


def nested_value(key: str) -> Remark:
    return remark("row.nested", _("The value of “{key}” is not a plain value."), key=key)


def error_cell(text: str) -> Remark:
    return remark("row.error_cell", _("A cell holds the spreadsheet error {text}."), text=text)


def header_again() -> Remark:
    return remark("row.header_again", _("The line repeats the header and was left out."))


def title_again() -> Remark:
    return remark("row.title_again", _("The line repeats a title from above the header and was left out."))


def total() -> Remark:
    return remark("row.total", _("The line is a total and was left out."))


def foot() -> Remark:
    return remark("row.foot", _("The line is the foot of a page and was left out."))


def text_mended(header: str) -> Remark:
    return remark(
        "row.text_mended", _("The text of “{header}” was saved in a wrong encoding; it was restored."), header=header
    )


def text_garbled(header: str) -> Remark:
    return remark(
        "row.text_garbled",
        _(
            "The text of “{header}” looks spoilt by a wrong encoding and cannot be restored with certainty; it is kept as it is."
        ),
        header=header,
    )


def file_mended() -> Remark:
    return remark(
        "file.text_mended",
        _("The whole file was saved in a wrong encoding. Its text was restored where only one reading is possible."),
    )


def formula_without_value() -> Remark:
    return remark(
        "row.formula_without_value",
        _(
            "A formula of this row was never calculated, its cell counts as empty. Open the file in Excel, save it, try again."
        ),
    )


def column_hidden(header: str) -> Remark:
    return remark("file.column_hidden", _("The column “{header}” is hidden; it was read as well."), header=header)


def rows_hidden(count: int) -> Remark:
    return remark(
        "file.rows_hidden", _("{count} rows are hidden by a filter or by hand; they were read as well."), count=count
    )


def sheet_hidden(name: str) -> Remark:
    return remark("file.sheet_hidden", _("The sheet “{name}” that was read is hidden."), name=name)


def cells_merged(line: int, count: int) -> Remark:
    return remark(
        "file.cells_merged",
        _(
            "From row {line} on, cells are merged over several rows ({count} times): only the first row of each has the value."
        ),
        line=line,
        count=count,
    )
