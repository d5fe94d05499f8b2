"""The bars of the performance plan: which measurement is divided by which, and what the ratio must keep."""

from __future__ import annotations

from bench.commits import Rate
from bench.measure import Measured
from bench.results import Row, compared


def of_pages(found: dict[str, Measured], size: int) -> list[Row]:
    """Bars 1, 2, 3, 5, 6 and 7 at one size. Pages that were not measured give no row."""
    rows: list[Row] = []
    return rows


def of_commits(rates: dict[tuple[str, int], Rate]) -> list[Row]:
    """What the database alone allows of bars 18 and 19, in bare SQL."""
    return [
        _rates(18, "bare SQL: commit with outbox row / plain, 1 writer", rates["plain", 1], rates["outbox", 1], None),
        _rates(19, "bare SQL: chained per case / unchained, 8 writers", rates["per case", 8], rates["plain", 8], None, at_least=True),
        _rates(19, "bare SQL: chained per case / globally, 8 writers", rates["per case", 8], rates["global", 8], None, at_least=True),
    ]


def _rates(bar: int, what: str, a: Rate, b: Rate, limit: float | None, *, at_least: bool = False) -> Row:
    return Row(
        bar, what, None, a.per_second, b.per_second, "/s", limit, at_least=at_least,
        ours_cpu_ms=a.backend_ms, yardstick_cpu_ms=b.backend_ms,
    )  # fmt: skip


__all__ = ["compared", "of_commits", "of_pages"]
