"""One byte form for one content: what is hashed, signed and compared."""

from __future__ import annotations

import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_PLAIN = frozenset({str, int, bool, type(None)})


def canonical(content: Any) -> bytes:
    """`content` as JSON with sorted keys, no spaces, in UTF-8. Text, whole numbers, booleans, None, lists, dicts of these.

    Floats, dates, Decimals and other types raise TypeError: they have more than one spelling, so the caller writes them.
    """
    _refuse_ambiguous(content)
    return _ENCODER.encode(content).encode()


def _refuse_ambiguous(content: Any) -> None:
    if isinstance(content, dict):
        for key, value in content.items():
            if type(key) is not str:
                raise TypeError("keys must be text")
            if type(value) not in _PLAIN:  # spares the call for nearly everything
                _refuse_ambiguous(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_ambiguous(value)
    elif content is not None and not isinstance(content, str | int):
        raise TypeError(f"{type(content).__name__} has no canonical form")
