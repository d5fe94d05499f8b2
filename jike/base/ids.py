"""Identifiers: time-ordered primary keys made by the application, and codes nobody can guess."""

from __future__ import annotations

import os
import secrets
import time
import uuid

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7() -> uuid.UUID:
    """A UUID version 7: milliseconds, 12 bits of what is left of them, then randomness, so that rows made one after the other sort so.

    Made before INSERT, because encrypted fields bind to it. The layout is that of RFC 9562, sections 5.7 and 6.2, method 3.
    """
    millis, rest = divmod(time.time_ns(), 1_000_000)
    value = (millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (rest << 12) // 1_000_000 << 64
    value |= 0x2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=value)


def random_code(groups: int = 4, size: int = 4) -> str:
    """A code to read aloud, like `7KQ2-M9XD-3VTR-P4HW`: no 0/O, 1/I/L, U. Four groups of four carry 78 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))


def code_from(secret: bytes, *, groups: int = 3, size: int = 4) -> str:
    """The same kind of code from a keyed hash, so that doing a thing again gives the same code. 32 bytes are enough for 12 letters."""
    number, letters = int.from_bytes(secret, "big"), []
    for _ in range(groups * size):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "-".join("".join(letters[i : i + size]) for i in range(0, len(letters), size))


def normalise_code(text: str) -> str:
    """What a person typed, as stored: capitals, no spaces, groups of four joined by hyphens."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
