"""Reading single cells: dates as people and spreadsheets write them, amounts, channels. Anything doubtful raises ValueError."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation

from cases.imports.headers import Cell
from cases.imports.sheets import Day1904
from cases.models import Case
from jike.base.dates import CST
from jike.base.money import cny

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:[T ,]*(\D.*|\d.*))?")
_YEAR_LAST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[T ,]+(.+))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]+(.+))?")
_COMPACT_CLOCK = re.compile(r"(\d{4})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})?")
_WEEKDAY = re.compile(r"\(?(?:星期|周|週|礼拜)[一二三四五六日天]\)?,?\s*")
_CLOCK = re.compile(
    r"(上午|下午|凌晨|早上|早晨|清晨|中午|傍晚|晚上|夜间|AM|PM)?\s*(\d{1,2})[:时時点點](?:(\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?|分)?)?"
    r"\s*(AM|PM)?\s*\(?(Z|北京时间|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?\)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_MORNING, _AFTERNOON = ("上午", "凌晨", "早上", "早晨", "清晨", "AM"), ("下午", "傍晚", "晚上", "夜间", "PM")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_CUT_NUMBER = re.compile(r"(\d)(?:\.(\d+))?E\+(\d{1,2})", re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"')
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
    """The cell as text: trimmed; whole numbers without a decimal point; empty for nothing.

    Exports keep Excel from reading a number by writing ="13800138000" or '13800138000: the marks are no text.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    text = str(cell).strip().strip("\ufeff\u200b\u200e\u200f\u202a\u202c").strip()
    if found := _AS_TEXT.fullmatch(text):
        return found[1].strip()
    return text[1:] if text[:1] == "'" and text[1:2].isdigit() else text


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
    text = half_width(cell.as_day if isinstance(cell, Day1904) else cell)
    if not text:
        return None
    if _SERIAL.fullmatch(text):
        days = timedelta(seconds=round(float(text) * 86_400))
        return datetime(1899, 12, 30, tzinfo=CST) + days
    if found := _COMPACT_CLOCK.fullmatch(text):
        parts = [int(part or 0) for part in found.groups()]
        return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=CST)
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day, rest = found.groups()
    elif found := _YEAR_LAST.fullmatch(text):
        month, day, year, rest = found.groups()
    else:
        raise ValueError(text)
    return _with_clock(date(int(year), int(month), int(day)), _WEEKDAY.sub("", rest or "", count=1).strip())


def _with_clock(day: date, text: str) -> datetime:
    if not text:
        return datetime.combine(day, time.min, tzinfo=CST)
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    before, hour, minute, second, after, zone = found.groups()
    part = (before or after or "").upper()
    naive = datetime.combine(day, time(_hour(int(hour), part), int(minute or 0), int(second or 0)))
    if not zone or zone == "北京时间":
        return naive.replace(tzinfo=CST)
    return naive.replace(tzinfo=UTC if zone.upper() == "Z" else _zone(zone))


def _hour(hour: int, part: str) -> int:
    """The hour of 24. Twelve "in the morning" or "at night" is noon to some and midnight to others: refused, not guessed."""
    if (part and part not in ("AM", "PM", "中午", "下午") and hour == 12) or (part in _MORNING and hour > 12):
        raise ValueError(part)
    if part == "AM" and hour == 12:
        return 0
    if (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3):
        return hour + 12
    return hour


def _zone(text: str) -> timezone:
    found = _ZONE.fullmatch(text)
    assert found
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-offset if found[1] == "-" else offset)


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


def whole_number(text: str) -> str | None:
    """The digits of a number that a spreadsheet wrote as 1.38E+10 or 13800138000.0; None when digits are lost.

    Any other text comes back as it is.
    """
    if found := _CUT_NUMBER.fullmatch(text):
        first, rest, power = found[1], found[2] or "", int(found[3])
        exact = first + rest
        return exact.ljust(power + 1, "0") if power <= len(rest) and not rest[power:].strip("0") else None
    return text.partition(".")[0] if re.fullmatch(r"\d{7,}\.0+", text) else text
