"""The shape of a seeded fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`old` stands exactly once in `path` and is replaced by `new`; one of `killers` must fail then."""

    name: str
    path: str
    old: str
    new: str
    killers: tuple[str, ...]
