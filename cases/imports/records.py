"""Records of a CSV file with the lines they begin on. A bad quotation mark costs its own record, never the rest of the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from cases.imports import remarks
from cases.imports.remarks import Remark

LONGEST_LINES = 2_000
LONGEST_TEXT = 1_000_000
csv.field_size_limit(2 * LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    cells: list[str]
    problem: Remark | None = None
    warning: Remark | None = None


class _Unclosed(Exception):
    """A quotation mark was opened and not closed within a sensible length."""


class _Lines:
    """The lines of one record at a time; lines may be put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._back.popleft() if self._back else next(self._lines, None)
        if self.taken and (text is None or len(self.taken) >= LONGEST_LINES or self._size > LONGEST_TEXT):
            if text is not None:
                self._back.appendleft(text)
            raise _Unclosed
        if text is None:
            raise StopIteration
        self.taken.append(text)
        self._size += len(text)
        return text.replace("\0", "")

    def keep_first(self) -> None:
        """Put back all lines of the record but the first."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def finish(self) -> int:
        """Forget the record; answers how many lines it had."""
        count, self.taken, self._size = len(self.taken), [], 0
        return count


def records(lines: Iterator[str], delimiter: str, *, width: int = 0, skip: int = 0) -> Iterator[Record]:
    """The records that are not blank. `width` is the number of columns once known; `skip` leaves out that many records.

    A record over several lines that does not fit the width is reported on its first line, and its other lines are read on
    their own: an unclosed quotation mark must not swallow the good rows after it.
    """
    source, line = _Lines(lines), 1
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        try:
            record = _judged(Record(line, next(reader)), source, width if not skip else 0)
        except StopIteration:
            return
        except (_Unclosed, csv.Error):
            source.keep_first()
            record = _loose(line, source.taken[0].replace("\0", ""), delimiter, width)
            reader = csv.reader(source, delimiter=delimiter, strict=True)
        record = _with_damage(record, source.taken)
        line += source.finish()
        if record.problem or any(cell.strip() for cell in record.cells):
            if skip:
                skip -= 1
            else:
                yield record


def _judged(record: Record, source: _Lines, width: int) -> Record:
    lines = len(source.taken)
    if not width or lines == 1 or len(record.cells) == width:
        return record
    source.keep_first()
    return Record(record.line, [], remarks.broken_record(lines))


def _loose(line: int, text: str, delimiter: str, width: int) -> Record:
    """One line with bad quotation marks: accepted when it has exactly the right number of cells all the same."""
    cells = next(csv.reader([text], delimiter=delimiter), [])
    if width and len(cells) == width and not _is_open(text, delimiter):
        return Record(line, cells, warning=remarks.quotes_loose())
    return Record(line, [], remarks.quote_open())


def _is_open(text: str, delimiter: str) -> bool:
    try:
        next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _with_damage(record: Record, lines: list[str]) -> Record:
    if record.problem or record.warning:
        return record
    if any("\ufffd" in text for text in lines):
        return Record(record.line, record.cells, warning=remarks.unreadable_characters())
    if any("\0" in text for text in lines):
        return Record(record.line, record.cells, warning=remarks.zero_bytes())
    return record
