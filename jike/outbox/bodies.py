"""The guard of bodies, keys and receipts: identifiers, codes, whole numbers and truth values pass, people do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jike.outbox.errors import Unfit

MOST_FIELDS = 20
LONGEST_TEXT = 100
LONGEST_LIST = 100
LARGEST_NUMBER = 10**9

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.:/+-]*[A-Za-z0-9])?")
_CODE = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+){0,3}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MADE_UP = re.compile(r"[0-9a-f]{32,64}")
_DIGITS_OF_A_PERSON = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|(?:0086|86)1[3-9]\d{9}|\d{15,19})(?!\d)")


def fit_text(value: str) -> str:
    """`value` when it is an identifier or a code, else `Unfit`. Phone, identity-card and bank-card numbers do not pass."""
    if len(value) > LONGEST_TEXT or not _TOKEN.fullmatch(value):
        raise Unfit("A text in an outbox row is not an identifier.")
    for piece in re.split(r"[:/]", value):
        if (
            not _UUID.fullmatch(piece)
            and not _MADE_UP.fullmatch(piece)
            and _DIGITS_OF_A_PERSON.search(piece.replace("-", ""))
        ):
            raise Unfit("A text in an outbox row looks like a number of a person.")
    return value


def fit_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """`body` ready for storing: UUIDs as text, nothing but identifiers, codes, whole numbers, truth values and lists of them."""
    if len(body) > MOST_FIELDS:
        raise Unfit("An outbox row has too many fields.")
    for field in body:
        if not _FIELD.fullmatch(field):
            raise Unfit("A field of an outbox row has no plain name.")
    return {field: _fit(value) for field, value in body.items()}


def fit_code(value: str) -> str:
    """`value` when it is a code like `sms.timeout`, else the code `unnamed`."""
    return value if len(value) <= 60 and _CODE.fullmatch(value) else "unnamed"


def _fit(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < LARGEST_NUMBER:
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str):
        return fit_text(value)
    if (
        isinstance(value, (list, tuple))
        and len(value) <= LONGEST_LIST
        and not any(isinstance(one, (list, tuple)) for one in value)
    ):
        return [_fit(one) for one in value]
    raise Unfit(f"A value of an outbox row is neither an identifier nor a small whole number ({type(value).__name__}).")
