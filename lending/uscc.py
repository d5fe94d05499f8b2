"""The unified social credit code (统一社会信用代码) of a Chinese organisation: 18 characters, the last one a check character."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = [pow(3, position, 31) for position in range(17)]


def check_character(first17: str) -> str:
    """The 18th character for the first 17, by the weights 3^n mod 31. Source: GB32100-2015."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def normalise_uscc(text: str) -> str:
    """`text` as stored: half width, capitals, no spaces. Raises `ValidationError` when it cannot be such a code."""
    code = "".join(unicodedata.normalize("NFKC", text).upper().split())
    validate_uscc(code)
    return code


def validate_uscc(code: str) -> None:
    """Raise `ValidationError` unless `code` has 18 permitted characters and the right check character."""
    if len(code) != 18 or not set(code) <= set(_ALPHABET):
        raise ValidationError(
            _("A unified social credit code has 18 digits and capitals, without I, O, S, V and Z."), code="uscc.shape"
        )
    if check_character(code[:17]) != code[17]:
        raise ValidationError(
            _("The last character of the unified social credit code does not fit the others."), code="uscc.check"
        )
