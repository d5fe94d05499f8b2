"""What in the words of a page should perhaps be covered: numbers with their check digits, telephones, addresses of all kinds.

Found are places in the text, never kept is what stands there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ID_NUMBER, PHONE, CARD, ADDRESS, OTHER = "id_number", "phone", "card", "address", "other"
KINDS = (ID_NUMBER, PHONE, CARD, ADDRESS, OTHER)

_GAP = r"[ \r\n\t]{0,3}"
_ID = re.compile(rf"(?<![0-9A-Za-z])(?:[0-9]{_GAP}){{17}}[0-9Xx](?![0-9A-Za-z])")
_CARD = re.compile(rf"(?<![0-9A-Za-z])(?:[0-9](?:-|{_GAP})){{15,18}}[0-9](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9A-Za-z])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z-])(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3}[- ])[1-9][0-9]{6,7}(?![0-9A-Za-z-])")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_NUMBERED = "号楼|号院|号|栋|幢|弄|座|单元|室|楼|层|组"
_DOOR = rf"[0-9A-Za-z甲乙丙一二三四五六七八九十百零\-#之]{{1,8}}(?:{_NUMBERED})"
_STREET = "路|街|大道|道|巷|里|胡同|村|镇|小区|花园|公寓|大厦|广场|苑|弄|区|庄|社区|新村"
_ADDRESS = re.compile(rf"(?:{_STREET}) ?(?:{_DOOR} ?){{1,5}}[0-9A-Za-z\-]{{0,6}}")
_LABEL = re.compile(r"^.*(?:住址|地址|住所地?|户籍地?|住在|家住|现住|位于|居住于|寄到|寄往|送至|[是为在])(?=.{3})")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def found(text: str) -> list[tuple[int, int, str]]:
    """Places `(start, end, kind)` in the order they stand, none inside another. Digits may be full width."""
    plain = "".join(map(_narrow, text))
    taken: list[tuple[int, int, str]] = []
    for start, end, kind in _candidates(plain):
        if all(end <= low or high <= start for low, high, _kind in taken):
            taken.append((start, end, kind))
    return sorted(taken)


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((*at.span(), ID_NUMBER) for at in _ID.finditer(text) if _is_id_number(_bare(at.group())))
    yield from ((*at.span(), PHONE) for at in _MOBILE.finditer(text))
    yield from ((*at.span(), CARD) for at in _CARD.finditer(text) if _is_card(_bare(at.group())))
    yield from ((*at.span(), PHONE) for at in _LANDLINE.finditer(text))
    yield from ((*at.span(), OTHER) for at in _MAIL.finditer(text))
    for at in _ADDRESS.finditer(text):
        start = _start_of_address(text, at.start())
        if at.start() - start >= 1:
            yield start, at.start() + len(at.group().rstrip()), ADDRESS


def _start_of_address(text: str, street: int) -> int:
    """Back from the street over the units it lies in, to the label or the clause it stands behind."""
    start = street
    while start > max(0, street - 40) and (_is_han(text[start - 1]) or text[start - 1].isdigit()):
        start -= 1
    before = _LABEL.match(text[start:street])
    return start + before.end() if before else start


def _narrow(char: str) -> str:
    """A full-width letter or digit as the plain one; always one character, so that places stay."""
    return unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _bare(number: str) -> str:
    return re.sub(r"[^0-9Xx]", "", number).upper()


def _is_id_number(number: str) -> bool:
    month, day = int(number[10:12]), int(number[12:14])
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[0] in "12345689" and 1 <= month <= 12 and 1 <= day <= 31 and number[17] == "10X98765432"[total % 11]


def _is_card(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value // 10 + value % 10
    return total % 10 == 0 and number.strip("0") != ""
