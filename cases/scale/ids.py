"""Keys of invented rows: every one is printed several times (sealed columns, chain, COPY), so it knows its own text."""

from __future__ import annotations

import os
import time
from random import Random
from typing import Any, Self
from uuid import UUID, SafeUUID

_set = object.__setattr__
_VERSION_AND_VARIANT = 0x7 << 76 | 0x2 << 62
_RANDOM = ~(0xF << 76 | 0x3 << 62)


class Id(UUID):
    """A UUID that keeps its text."""

    __slots__ = ("text",)
    text: str

    @classmethod
    def of(cls, value: int) -> Self:
        found = cls.__new__(cls)
        digits = f"{value:032x}"
        _set(found, "int", value)
        _set(found, "is_safe", SafeUUID.unknown)
        _set(found, "text", f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}")
        return found

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return Id.of, (self.int,)


class Ids:
    """Makes keys as `jike.base.ids.uuid7` does, from luck of its own: asking the system for every one takes longer than the rest."""

    def __init__(self) -> None:
        self._luck = Random(os.urandom(32))  # noqa: S311 - keys name rows, they are no secrets

    def __call__(self) -> Id:
        random = self._luck.getrandbits(80) & _RANDOM
        return Id.of((time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF) << 80 | random | _VERSION_AND_VARIANT)
