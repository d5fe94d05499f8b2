"""Reading single cells: dates as people and spreadsheets write them, amounts, channels. Anything doubtful raises ValueError."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from cases.imports.reader import Cell
from cases.models import Case
from jike.base.dates import CST
from jike.base.money import cny

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]*(.+))?")
_YEAR_LAST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[T ]+(.+))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"(\d{1,2})[:时](\d{2})(?:[:分](\d{1,2})(?:\.\d+)?秒?|分)?(Z|[+-]\d{2}:?\d{2})?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_CUT_NUMBER = re.compile(r"\d(\.\d+)?E\+\d+")
EARLIEST = datetime(1980, 1, 1, tzinfo=CST)

_CHANNELS = {
    Case.Channel.PORTAL: ("网站", "官网", "app", "小程序", "线上", "公众号", "portal", "門戶", "網站"),
    Case.Channel.PHONE: ("电话", "热线", "客服", "phone", "電話", "熱線"),
    Case.Channel.VISIT: ("来访", "现场", "上门", "网点", "visit", "來訪", "現場"),
    Case.Channel.LETTER: ("来信", "信件", "信函", "邮寄", "letter", "postal mail", "fax", "來信"),
    Case.Channel.EMAIL: ("邮件", "邮箱", "email", "郵件"),
    Case.Channel.REGULATOR: ("监管", "转办", "12378", "金融监管", "银保监", "信访", "regulator", "監管", "轉辦"),
    Case.Channel.PLATFORM: ("黑猫", "平台", "消费保", "聚投诉", "12315", "platform", "黑貓"),
}


def text_of(cell: Cell) -> str:
    """The cell as text: half width, trimmed; whole numbers without a decimal point; empty for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def half_width(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", text_of(cell)).strip()


def moment_of(cell: Cell) -> datetime | None:
    """The instant a cell names, aware; a date alone is the start of that day in Shanghai; None for an empty cell.

    With the year last the month comes first (3/18/2015), as in American exports; a month over 12 is refused, not guessed.
    Numbers are days since 1899-12-30, as spreadsheets count them.
    """
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=CST)
    if isinstance(cell, date):
        return datetime.combine(cell, time.min, tzinfo=CST)
    text = half_width(cell)
    if not text:
        return None
    if _SERIAL.fullmatch(text):
        days = timedelta(seconds=round(float(text) * 86_400))
        return datetime(1899, 12, 30, tzinfo=CST) + days
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day, *rest = found.groups()
    elif found := _YEAR_LAST.fullmatch(text):
        month, day, year, *rest = found.groups()
    else:
        raise ValueError(text)
    return _with_clock(date(int(year), int(month), int(day)), (rest[0] if rest else None) or "")


def _with_clock(day: date, text: str) -> datetime:
    if not text.strip():
        return datetime.combine(day, time.min, tzinfo=CST)
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    hour, minute, second, zone = found.groups()
    naive = datetime.combine(day, time(int(hour), int(minute), int(second or 0)))
    if zone and zone != "Z":
        return datetime.fromisoformat(f"{naive.isoformat()}{zone}")
    return naive.replace(tzinfo=UTC if zone else CST)


def amount_of(cell: Cell) -> Decimal | None:
    """Yuan to the cent, also with a currency sign and thousands separators; None for an empty cell."""
    text = half_width(cell)
    if not text:
        return None
    try:
        amount = cny(re.sub(r"^(¥|CNY|RMB|人民币)|元$|[,\s]", "", text))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 16:
        raise ValueError(text)
    return amount


def channel_of(cell: Cell) -> str:
    """Our channel for what the source calls it; raises ValueError when nothing fits."""
    text = half_width(cell).casefold()
    for channel, words in _CHANNELS.items():
        if text == channel or any(word in text for word in words):
            return channel.value
    raise ValueError(text)


def is_cut_number(text: str) -> bool:
    """Whether a spreadsheet has turned a long number into 1.23E+17 and so lost its last digits."""
    return _CUT_NUMBER.fullmatch(text) is not None
