"""One line per bar: ours, the yardstick, their ratio, and whether the bar is met. Printed as a table, kept as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Measured

SHARED = 0.5
"""When strangers use more than half a core, walls say little and CPU seconds decide."""


@dataclass(frozen=True)
class Row:
    """One comparison. `bar` is the number in the performance plan, `limit` what the ratio must keep (at most, or at least).

    Times in milliseconds, rates per second. `met` is None where nothing was promised at this size or a part is missing.
    """

    bar: int
    what: str
    size: int | None
    ours: float | None
    yardstick: float | None
    unit: str
    limit: float | None
    at_least: bool = False
    ours_cpu_ms: float | None = None
    yardstick_cpu_ms: float | None = None
    others: float = 0.0
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return _divided(self.ours, self.yardstick)

    @property
    def cpu_ratio(self) -> float | None:
        return _divided(self.ours_cpu_ms, self.yardstick_cpu_ms)

    @property
    def judged_by(self) -> str:
        return "cpu" if self.others > SHARED and self.cpu_ratio is not None else "wall"

    @property
    def met(self) -> bool | None:
        """A rate that must reach so much of the yardstick's may, in CPU each, cost the inverse of it."""
        by_cpu = self.judged_by == "cpu"
        value = self.cpu_ratio if by_cpu else self.ratio
        if value is None or self.limit is None:
            return None
        if self.at_least:
            return value <= 1 / self.limit if by_cpu else value >= self.limit
        return value <= self.limit

    def as_json(self) -> dict[str, Any]:
        derived = {"ratio": self.ratio, "cpu_ratio": self.cpu_ratio, "judged_by": self.judged_by, "met": self.met}
        return dataclasses.asdict(self) | derived


def _divided(a: float | None, b: float | None) -> float | None:
    return a / b if a is not None and b else None


def compared(
    bar: int,
    what: str,
    ours: Measured | None,
    yardstick: Measured | None,
    limit: float | None,
    *,
    size: int | None = None,
    note: str = "",
) -> Row:
    """Median against median, with the CPU of both beside. A page that was left out gives a row without a ratio."""
    if ours is None or yardstick is None:
        return Row(
            bar, what, size, ours and ours.p50_ms, yardstick and yardstick.p50_ms, "ms", limit, note="not measured"
        )
    others = max(ours.others, yardstick.others)
    return Row(
        bar, what, size, ours.p50_ms, yardstick.p50_ms, "ms", limit,
        ours_cpu_ms=ours.cpu_ms, yardstick_cpu_ms=yardstick.cpu_ms, others=others, note=note,
    )  # fmt: skip


def middle(runs: Sequence[Sequence[Row]]) -> list[Row]:
    """Of every bar the run with the median ratio; a row that some run could not measure is kept as that run has it."""
    found: dict[tuple[int, str, int | None], list[Row]] = {}
    for row in (row for rows in runs for row in rows):
        found.setdefault((row.bar, row.what, row.size), []).append(row)
    return [
        min(rows, key=lambda r: r.ratio is not None) if any(r.ratio is None for r in rows) else _median(rows)
        for rows in found.values()
    ]


def _median(rows: list[Row]) -> Row:
    """By what the row is judged by: the ratio of walls, or of processor time where the machine was shared."""
    by_cpu = any(row.judged_by == "cpu" for row in rows) and all(row.cpu_ratio is not None for row in rows)
    ordered = sorted(rows, key=lambda row: (row.cpu_ratio if by_cpu else row.ratio) or 0.0)
    return ordered[len(ordered) // 2]


def counted(bar: int, what: str, ours: Measured | None, limit: int, *, size: int | None = None) -> Row:
    """Statements of one page against the number it may take."""
    if ours is None or ours.statements is None:
        return Row(bar, what, size, None, 1.0, "SQL", float(limit), note="not measured")
    return Row(bar, what, size, float(ours.statements), 1.0, "SQL", float(limit))


def table(rows: list[Row]) -> str:
    """The rows as text in columns, missed bars marked."""
    head = (
        "bar",
        "what",
        "cases",
        "ours",
        "yardstick",
        "ratio",
        "bar",
        "cpu ms ours/theirs",
        "cpu ratio",
        "by",
        "met",
        "note",
    )
    lines = [head, *(_cells(row) for row in sorted(rows, key=lambda r: (r.bar, r.size or 0, r.what)))]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    sign = ">=" if row.at_least else "<="
    cpu = f"{_short(row.ours_cpu_ms)} / {_short(row.yardstick_cpu_ms)}" if row.ours_cpu_ms is not None else ""
    met = {True: "yes", False: "NO", None: "-"}[row.met]
    limit = f"{sign} {row.limit:g}" if row.limit is not None else ""
    yardstick = f"{_short(row.yardstick)}" if row.unit != "SQL" else ""
    return (
        str(row.bar), row.what, str(row.size or ""), f"{_short(row.ours)} {row.unit}", yardstick, _short(row.ratio), limit, cpu,
        _short(row.cpu_ratio), row.judged_by, met, row.note,
    )  # fmt: skip


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write(path: Path, facts: dict[str, Any], pages: dict[str, dict[str, Any]], rows: list[Row]) -> None:
    """Everything found, for machines."""
    content = {"facts": facts, "bars": [row.as_json() for row in rows], "measured": pages}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def as_json(measured: Measured) -> dict[str, Any]:
    """One measured page without its single samples."""
    told = {
        field.name: getattr(measured, field.name)
        for field in dataclasses.fields(measured)
        if field.name not in ("seconds", "name")
    }
    return told | {"samples": len(measured.seconds), "p50_ms": measured.p50_ms, "p95_ms": measured.p95_ms}
