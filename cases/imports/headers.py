"""Finding the header of a table, on one line or on two, and what is no data below it: headers of later pages, totals, page feet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.imports import remarks
from cases.imports.remarks import Remark

Cell = str | int | float | bool | datetime | date | None
Score = Callable[[list[str]], int]

_TOTAL = re.compile(r"(本页|本页面|累计|当前页)?(合计|总计|小计|共计|总数|累计|合計|總計|小計)[:：]?.*")
_PAGE = re.compile(
    r"第?\d+页?[/,，]?(共\d+页)|第\d+页|第\d+/\d+页|共\d+(条|行|笔|页|件|户)(记录|数据|投诉)?.*|page\d+(of\d+)?|-\d+-|\d+/\d+页?"
)
_FOOT = re.compile(
    r"(制表|打印|导出|填报|填表|审核|复核|统计|报送|经办|负责)(人|者|员|时间|日期|单位|机构|部门)?[:：].*|以下空白|\(?以下无正文\)?"
)
_REMARKS = re.compile(r"(注|备注|说明|填表说明|填报说明)[:：].*")


def text_of(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def named(headers: list[str]) -> list[str]:
    """Headers as keys: a column without a name gets its number, the second of two equal ones a mark."""
    result: list[str] = []
    for n, header in enumerate(headers, start=1):
        name = " ".join(header.split()) or f"#{n}"
        result.append(f"{name} #{n}" if name in result else name)
    return result


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file or sheet as it stands there, counted from 1."""

    number: int
    cells: Sequence[Cell]
    problem: Remark | None = None
    warnings: tuple[Remark, ...] = ()

    @property
    def texts(self) -> list[str]:
        return [text_of(cell).strip() for cell in self.cells]

    @property
    def is_blank(self) -> bool:
        return not any(self.texts)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands among the first lines (`first` to `last`, as places in the list), and what it says."""

    names: list[str]
    first: int
    last: int
    score: int
    lines: list[list[str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def find(lines: list[Line], score: Score, *, at: int = 0) -> Header | None:
    """The header among `lines`: where `score` is highest, alone or with the line below it. `at` names its line instead."""
    best: Header | None = None
    for place, line in enumerate(lines):
        if (at and line.number != at) or line.problem:
            continue
        found = _read(lines, place, score)
        if found and (best is None or found.score > best.score):
            best = found
        if at:
            return best or _header(lines, place, place, line.texts, 0)
    return best


def guessed(lines: list[Line]) -> Header | None:
    """The line that looks most like a header when no column is known: the first of those with the most different texts."""
    best = max(
        (place for place, line in enumerate(lines) if not line.problem),
        key=lambda place: (len({t for t in lines[place].texts if t and not t[0].isdigit()}), -place),
        default=None,
    )
    return None if best is None else _header(lines, best, best, lines[best].texts, 0)


def _read(lines: list[Line], place: int, score: Score) -> Header | None:
    upper = lines[place].texts
    alone = score(named(upper))
    if place + 1 < len(lines) and not lines[place + 1].problem:
        lower = lines[place + 1].texts
        both = _joined(upper, lower, score)
        if both and (found := score(named(both))) > max(alone, score(named(lower))):
            return _header(lines, place, place + 1, both, found)
    return _header(lines, place, place, upper, alone) if alone else None


def _joined(upper: list[str], lower: list[str], score: Score) -> list[str]:
    """Two lines of one header: below a merged cell stand the names of its columns. Empty when `lower` looks like data.

    Half of what stands below must be names of columns that are known: no row of data looks like that.
    """
    known = sum(1 for text in lower if text and _names_a_field(text, score))
    if not known or 2 * known < sum(1 for text in lower if text):
        return []
    result, group = [], ""
    for n in range(max(len(upper), len(lower))):
        above, below = (row[n] if n < len(row) else "" for row in (upper, lower))
        group = above or (group if below else "")
        result.append(below if below and _names_a_field(below, score) else f"{group}{below}" if below else above)
    return result


def _names_a_field(text: str, score: Score) -> bool:
    """Whether a text alone is a known header: with it, a date or a number counts one more than without."""
    return score([text, "external_id", "received_at"]) > 2 or score([text, "name"]) >= 2


def _header(lines: list[Line], first: int, last: int, texts: list[str], score: int) -> Header:
    raw = [_trimmed(line.texts) for line in lines[first : last + 1]]
    titles = ["".join(line.texts) for line in lines[:first] if sum(map(bool, line.texts)) <= 2]
    return Header(named(texts), first, last, score, raw, titles)


def left_out(line: Line, header: Header) -> Remark | None:
    """Why a line below the header is no data: the header or title of a later page, a total, the foot of a page."""
    texts = _trimmed(line.texts)
    filled = [text for text in texts if text]
    if not filled:
        return None
    if texts in header.lines and len(filled) > 1:
        return remarks.header_again()
    if len(filled) <= 2 and "".join(filled) in header.titles:
        return remarks.title_again()
    first = re.sub(r"\s", "", unicodedata.normalize("NFKC", filled[0])).casefold()
    if _TOTAL.fullmatch(first) and not any(_is_date(cell) for cell in line.cells):
        return remarks.total()
    few = len(filled) <= max(2, len(header.names) // 3)
    if few and (_PAGE.fullmatch(first) or _FOOT.fullmatch(first) or (len(filled) == 1 and _REMARKS.fullmatch(first))):
        return remarks.foot()
    return None


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, date) or bool(re.match(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}", text_of(cell)))


def _trimmed(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts = texts[:-1]
    return texts
