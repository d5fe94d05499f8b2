"""The bars of the performance plan: which measurement is divided by which, and what the ratio must keep."""

from __future__ import annotations

from typing import Any

from bench.commits import Rate
from bench.measure import Measured
from bench.results import Row, compared, counted

GROWS = ("queue", "case page", "accept", "submit")


def of_pages(found: dict[str, Measured], size: int) -> list[Row]:
    """Bars 1, 2, 3, 5, 6 and 7 at one size."""
    queue, middle, case, accept, submit = (
        found.get(name) for name in ("queue", "queue middle", "case page", "accept", "submit")
    )
    theirs = found.get("helpdesk submit")
    list_limit = 1 / 100 if size >= 1_000_000 else 1 / 8
    return [
        compared(1, "queue page / helpdesk list", queue, found.get("helpdesk list"), list_limit, size=size),
        compared(2, "queue page / smallest signed-in view", queue, found.get("floor"), 3.5, size=size),
        counted(2, "queue page, statements", queue, 10, size=size),
        compared(3, "queue from the middle / first page", middle, queue, 1.3, size=size),
        compared(5, "case page / helpdesk ticket", case, found.get("helpdesk detail"), 1 / 4, size=size),
        counted(5, "case page, statements", case, 15, size=size),
        compared(6, "accept a complaint / helpdesk update", accept, found.get("helpdesk update"), 0.7, size=size),
        counted(6, "accept a complaint, statements", accept, 12, size=size),
        compared(7, "file a complaint / helpdesk submit", submit, theirs, 1.0, size=size),
        _crowds(submit, theirs, size),
    ]


def _crowds(submit: Measured | None, theirs: Measured | None, size: int) -> Row:
    """Filings a second with eight visitors at once, in CPU a filing when the machine is shared."""
    what = "filings a second, 8 visitors / helpdesk"
    if submit is None or theirs is None:
        return Row(7, what, size, None, None, "/s", 1.0, at_least=True, note="not measured")
    return Row(
        7, what, size, submit.c8_per_second, theirs.c8_per_second, "/s", 1.0, at_least=True, ours_cpu_ms=submit.c8_cpu_ms,
        yardstick_cpu_ms=theirs.c8_cpu_ms, others=max(submit.c8_others, theirs.c8_others),
    )  # fmt: skip


def of_growth(small: dict[str, Measured], large: dict[str, Measured], sizes: tuple[int, int]) -> list[Row]:
    """Bar 4: the largest size beside the smallest."""
    what = f"{{}}, {sizes[0]} → {sizes[1]} cases"
    rows = [compared(4, what.format(name), large.get(name), small.get(name), 1.3, size=sizes[1]) for name in GROWS]
    theirs = "helpdesk list"
    return [
        *rows,
        compared(
            4, what.format(theirs), large.get(theirs), small.get(theirs), None, size=sizes[1], note="for comparison"
        ),
    ]


def of_probes(told: dict[str, Any], size: int) -> list[Row]:
    """Bars 10, 18 and 19, by the product's own functions."""
    sweep, one, eight = told["sweep"], told["writers"]["one"], told["writers"]["eight"]
    bare, ours = sweep["bare"], sweep["ours"]
    rows, row_ms = int(bare["rows"]), ours["seconds"] * 1000 / max(ours["rows"], 1)
    return [
        Row(
            10, f"sweep of {rows} clocks / bare UPDATE", size, ours["seconds"] * 1000, bare["seconds"] * 1000, "ms", 2.0,
            ours_cpu_ms=ours["cpu"] * 1000, yardstick_cpu_ms=bare["cpu"] * 1000,
        ),
        Row(10, "sweep with nothing due", size, sweep["idle_ms"], 1.0, "ms", 2.0),
        Row(10, "sweep, one row / saved by the ORM", size, row_ms, sweep["orm_row_ms"], "ms", 1 / 20),
        _outbox("commit of three statements with outbox.post / plain", one["bare outbox"], one["bare"], size, 1.3),
        _outbox("action with outbox.post / without", one["action outbox"], one["action"], size, None, "for comparison"),
        Row(19, "action, chained / unchained, 8 writers", size, eight["per case"], eight["unchained"], "/s", 0.9, at_least=True),
        Row(19, "action, chained / one global chain, 8 writers", size, eight["per case"], eight["global"], "/s", None, at_least=True, note="for comparison"),
    ]  # fmt: skip


def _outbox(
    what: str, ours: dict[str, float], plain: dict[str, float], size: int, limit: float | None, note: str = ""
) -> Row:
    return Row(
        18, what, size, 1000 / ours["per_second"], 1000 / plain["per_second"], "ms", limit, ours_cpu_ms=ours["cpu_ms"],
        yardstick_cpu_ms=plain["cpu_ms"], others=max(ours["others"], plain["others"]), note=note,
    )  # fmt: skip


def of_commits(rates: dict[tuple[str, int], Rate]) -> list[Row]:
    """What the database alone allows of bars 18 and 19, in bare SQL."""
    return [
        _rates(18, "bare SQL: plain / with outbox row, 1 writer", rates["plain", 1], rates["outbox", 1]),
        _rates(19, "bare SQL: chained per case / unchained, 8 writers", rates["per case", 8], rates["plain", 8]),
        _rates(19, "bare SQL: chained per case / globally, 8 writers", rates["per case", 8], rates["global", 8], 2.0),
    ]


def _rates(bar: int, what: str, a: Rate, b: Rate, at_least: float | None = None) -> Row:
    note = "" if at_least else "for comparison"
    return Row(
        bar, what, None, a.per_second, b.per_second, "/s", at_least, at_least=True, ours_cpu_ms=a.backend_ms,
        yardstick_cpu_ms=b.backend_ms, note=note,
    )  # fmt: skip
