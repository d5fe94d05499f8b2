"""Masks: what lists, logs of what was sent, and people without the right get to see in place of a value."""

from __future__ import annotations

import unicodedata


def mask_name(name: str) -> str:
    """`张**`: the first character; the number of the others is not told."""
    name = _clear(name).strip()
    if not name:
        return ""
    end = 1
    while end < len(name) and unicodedata.combining(name[end]):
        end += 1
    return f"{name[:end]}**"


def mask_phone(number: str) -> str:
    """`138****8000`."""
    number = _clear(number)
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


def mask_id(number: str) -> str:
    """`**************002X`: the last four."""
    number = _clear(number)
    return "*" * (len(number) - 4) + number[-4:] if len(number) >= 8 else "*" * len(number)


def mask_card(number: str) -> str:
    """`**** **** **** 8000`, whatever the length."""
    number = _clear(number)
    return f"**** **** **** {number[-4:]}" if len(number) >= 12 else "*" * len(number)


def mask_email(address: str) -> str:
    """`z***@example.com`."""
    name, at, domain = _clear(address).rpartition("@")
    return f"{name[:1]}***@{domain}" if at else "*" * len(address)


def _clear(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError("a mask is made from clear text; open the sealed value first")
    return value
