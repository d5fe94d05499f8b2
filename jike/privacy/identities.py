"""Identity numbers: resident cards by GB 11643, residence permits, foreigners' cards, and other papers by their form.

Own rules, because common libraries refuse residence permits (81, 82, 83) and the 9-series foreigners' cards and accept a
birth in the future.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from jike.base.dates import cst_date, now
from jike.privacy.normal import digits_of

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71))
)
_RESIDENCE_PERMITS = frozenset({"81", "82", "83"})
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_LEGACY = re.compile(r"[0-9]{15}")
_OTHER_PAPERS = {
    "passport": re.compile(r"(?=.*[0-9])[A-Z0-9]{5,17}"),
    "hk_macau_permit": re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
    "taiwan_permit": re.compile(r"[0-9]{8}|[0-9]{10}"),
    "foreigner_card": re.compile(r"[A-Z]{3}[0-9]{12}"),
}
OLDEST_BIRTH = date(1850, 1, 1)


def normalise_id_number(text: str, *, paper: str = "resident", today: date | None = None) -> str:
    """The number in the one form it is stored in. Raises ValueError with what is wrong, without the number.

    `paper`: resident (also residence permits 81/82/83 and 9-series foreigners' cards), passport, hk_macau_permit,
    taiwan_permit, foreigner_card (three letters, twelve digits). A resident number of 15 digits comes back with 18.
    `today` is the Shanghai date that no birth may pass; default: now.
    """
    number = digits_of(text).upper()
    if paper != "resident":
        if not _OTHER_PAPERS[paper].fullmatch(number):
            raise ValueError(_("This number does not have the form of this kind of document."))
        return number
    if _LEGACY.fullmatch(number):
        body = f"{number[:6]}19{number[6:]}"
        number = body + check_digit(body)
    if not _RESIDENT.fullmatch(number):
        raise ValueError(_("An identity number has 18 digits; the last may be X."))
    if number[-1] != check_digit(number[:17]):
        raise ValueError(_("The identity number has a typing error: its last digit does not fit the others."))
    if not _is_area(number[:6]):
        raise ValueError(_("The identity number begins with an area that does not exist."))
    if not OLDEST_BIRTH <= birth_date(number) <= (today or cst_date(now())):
        raise ValueError(_("The date of birth in the identity number is not possible."))
    return number


def check_digit(body: str) -> str:
    """The 18th character for the first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date:
    """The date of birth in a number of 18 characters. Raises ValueError when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValueError(_("The date of birth in the identity number is not possible.")) from None


def id_number_warnings(number: str, *, today: date) -> list[str]:
    """What a clerk should look at twice in a normalised resident number: a child, or somebody older than 120."""
    born = birth_date(number)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < 16:
        return [_("By this number the person is younger than 16.")]
    if age > 120:
        return [_("By this number the person is older than 120.")]
    return []


def _is_area(area: str) -> bool:
    """Province codes, residence permits by their first two digits, foreigners' cards as 9, province, country."""
    if area[0] == "9":
        return area[1:3] in _PROVINCES
    return area[:2] in _PROVINCES | _RESIDENCE_PERMITS
