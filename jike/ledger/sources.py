"""Who can say what a sealed row looks like now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DigestsOf = Callable[[Sequence[UUID]], dict[UUID, bytes]]
LengthsOf = Callable[[Sequence[UUID]], dict[UUID, int]]
RowsOf = Callable[[Sequence[UUID]], Iterable[tuple[UUID, UUID]]]
Subjects = Callable[[], Iterable[UUID]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of sealed row and the questions its domain answers about it."""

    name: str
    digests_of: DigestsOf
    expected_length: LengthsOf | None = None
    rows_of: RowsOf | None = None
    subjects: Subjects | None = None


_SOURCES: dict[str, Source] = {}
_WHEN_CLEAN: list[Callable[[datetime], None]] = []


def when_clean(listener: Callable[[datetime], None]) -> None:
    """Call `listener(now)` whenever the whole ledger was verified and nothing was found."""
    if listener not in _WHEN_CLEAN:
        _WHEN_CLEAN.append(listener)


def tell_clean(*, now: datetime) -> None:
    for listener in _WHEN_CLEAN:
        listener(now)


def register_source(
    name: str,
    digests_of: DigestsOf,
    *,
    expected_length: LengthsOf | None = None,
    rows_of: RowsOf | None = None,
    subjects: Subjects | None = None,
) -> None:
    """Tell the ledger how to check rows of the source `name`, in `apps.ready()`.

    `digests_of(ids)`: the digest of each row that still exists, computed anew. `expected_length(subjects)`: how many entries
    of this source each subject must have (a version column), which shows a cut-off tail. `rows_of(subjects)`: (row id,
    subject) of all source rows, which shows rows never sealed. `subjects()`: every subject, which shows a chain deleted whole.
    """
    _SOURCES[name] = Source(name, digests_of, expected_length, rows_of, subjects)


def source_named(name: str) -> Source | None:
    return _SOURCES.get(name)


def all_sources() -> list[Source]:
    return list(_SOURCES.values())
