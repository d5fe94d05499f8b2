"""Keyset paging: the cursor names the last row of a page, the next page begins behind it. No OFFSET, no count."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from jike.api.errors import malformed

DEFAULT, LARGEST = 50, 100


def encode(place: str) -> str:
    return base64.urlsafe_b64encode(f"1:{place}".encode()).decode().rstrip("=")


def decode(text: str) -> str:
    """The place behind a cursor. Raises `Malformed` for one we did not write."""
    try:
        version, _sep, place = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").partition(":")
    except ValueError:
        version, place = "", ""
    if version != "1" or not re.fullmatch(r"[A-Za-z0-9-]{1,60}", place) or encode(place) != text:
        raise malformed("cursor", "unknown", _("This cursor is none of ours. Begin without one."))
    return place


def page(rows: list[Any], limit: int, place_of: Callable[[Any], str]) -> tuple[list[Any], str | None]:
    """(the rows of this page, the next cursor) of `rows`, which hold one more than `limit` when there is more."""
    shown = rows[:limit]
    return shown, encode(place_of(shown[-1])) if len(rows) > limit else None


def place_number(place: str) -> int:
    """The place behind a cursor where places are counted."""
    if not place.isdigit() or len(place) > 9:
        raise malformed("cursor", "unknown", _("This cursor is none of ours. Begin without one."))
    return int(place)
