"""Phone numbers, bank cards and names as they are stored: one form each, by our own rules.

Messages never repeat the value: they are shown, logged and counted.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

MOBILE = re.compile(r"1[3-9][0-9]{9}")
VIRTUAL_PREFIXES = ("162", "165", "167", "170", "171")
NAME_LENGTH = 100
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—.()·]+")


def digits_of(text: str) -> str:
    """`text` in half width without spaces and separators. Raises TypeError for anything but text."""
    if not isinstance(text, str):
        raise TypeError("only clear text can be normalised")
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def normalise_phone(text: str) -> str:
    """A mainland mobile number as eleven digits, from `+86`, `0086`, `86`, spaces, hyphens or full width. Raises ValueError."""
    number = digits_of(text)
    for prefix in ("+86", "0086", "86"):
        if number.startswith(prefix) and len(number) == len(prefix) + 11:
            number = number.removeprefix(prefix)
            break
    if not MOBILE.fullmatch(number):
        raise ValueError(_("This is not a mainland mobile number. It has eleven digits and starts with 1."))
    return number


def is_virtual_phone(number: str) -> bool:
    """Whether a normalised number is of a virtual operator, where numbers change hands more often."""
    return number.startswith(VIRTUAL_PREFIXES)


def normalise_card(text: str) -> str:
    """A bank card number: 12 to 19 digits with a right check digit (Luhn). Raises ValueError."""
    number = digits_of(text)
    if not re.fullmatch(r"[0-9]{12,19}", number) or not number.strip("0") or not _luhn(number):
        raise ValueError(_("This is not a bank card number: a digit is wrong or missing."))
    return number


def _luhn(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value // 10 + value % 10
    return total % 10 == 0


def normalise_name(text: str) -> str:
    """A person's or firm's name: NFC, single inner spaces. Control, bidirectional and invisible characters are refused."""
    if not isinstance(text, str):
        raise TypeError("only clear text can be normalised")
    name = " ".join(part for part in re.split(r"[ \u3000\u00a0\t]+", unicodedata.normalize("NFC", text)) if part)
    if not name:
        raise ValueError(_("Give a name."))
    if len(name) > NAME_LENGTH:
        raise ValueError(_("The name is too long."))
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in name):
        raise ValueError(_("The name holds invisible or control characters. Type it again."))
    return name
