"""Reading JSON strictly: one object, no name twice, no NaN, nothing the database cannot hold, never a crash."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 20


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        try:
            found = json.loads(
                stream.read() or b"{}", object_pairs_hook=_once, parse_constant=_refuse, parse_float=_number
            )
        except (ValueError, RecursionError):
            raise ParseError from None
        if not isinstance(found, dict) or not _is_storable(found):
            raise ParseError
        return found


def is_text(value: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL, no half of a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _number(text: str) -> float | int:
    """A number as JSON means it: 236.0 is the whole number 236."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _refuse(constant: str) -> None:
    raise ValueError


def _is_storable(value: Any, depth: int = 0) -> bool:
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return is_text(value)
    if isinstance(value, dict):
        return all(is_text(k) and _is_storable(v, depth + 1) for k, v in value.items())
    if isinstance(value, list):
        return all(_is_storable(v, depth + 1) for v in value)
    return True
