"""The bars of the performance plan: which measurement is divided by which, and what the ratio must keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench import words
from bench.commits import Rate
from bench.helpdesk import AT_ONCE
from bench.measure import Measured
from bench.results import Row, compared, counted

GROWS = ("queue", "case page", "accept", "submit", "search rare word of two")


def of_pages(found: dict[str, Measured], size: int, *, borrowed: bool = False) -> list[Row]:
    """Bars 1, 2, 3, 5, 6 and 7 at one size. `borrowed`: the yardstick was measured with fewer cases than ours."""
    queue, middle, case, accept, submit = (
        found.get(name) for name in ("queue", "queue middle", "case page", "accept", "submit")
    )
    theirs = found.get("helpdesk submit")
    list_limit = 1 / 100 if size >= 1_000_000 and not borrowed else 1 / 8
    rows = [
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
    return [_lent(row) if borrowed and "helpdesk" in row.what else row for row in rows]


def _lent(row: Row) -> Row:
    return replace(row, note=row.note or "theirs with fewer cases")


def _crowds(submit: Measured | None, theirs: Measured | None, size: int) -> Row:
    """Filings a second with eight visitors at once, in CPU a filing when the machine is shared."""
    what = "filings a second, 8 visitors / helpdesk"
    if submit is None or theirs is None:
        return Row(7, what, size, None, None, "/s", 1.0, at_least=True, note="not measured")
    return Row(
        7, what, size, submit.c8_per_second, theirs.c8_per_second, "/s", 1.0, at_least=True, ours_cpu_ms=submit.c8_cpu_ms,
        yardstick_cpu_ms=theirs.c8_cpu_ms, others=max(submit.c8_others, theirs.c8_others),
    )  # fmt: skip


def of_search(found: dict[str, Measured], smallest: dict[str, Measured], told: dict[str, Any], size: int) -> list[Row]:
    """Bars 8 and 9: the mix of words beside the yardstick's, each search for itself, what is stored, what SQL alone would take."""
    ours = words.mix(found, "")
    rows = [
        _slowest("search, mix of words, p95 / helpdesk's smallest", ours, words.mix(smallest, "helpdesk "), 1 / 3, size),
        _slowest("search, mix of words, p95 / helpdesk", ours, words.mix(found, "helpdesk "), 1 / 100 if size >= 1_000_000 else None, size),
    ]  # fmt: skip
    for name in words.asked(""):
        note = "for comparison" if name != "one character" else "the first 300 cases of the list only"
        rows.append(
            compared(8, f"search {name} / helpdesk", found.get(f"search {name}"), found.get(f"helpdesk search {name}"), None, size=size, note=note)
        )  # fmt: skip
    for name, one in told["searches"].items():
        rows.append(Row(9, f"search {name} / bare SQL", size, one["ours_ms"], one["raw_ms"], "ms", 3.0))
    stored = told["stored"]
    what = "tokens with index / trigram index"
    if "missing" in stored:
        return [*rows, Row(9, what, size, None, None, "MB", 1.5, note=stored["missing"])]
    return [*rows, Row(9, what, size, stored["ours"] / 1e6, stored["theirs"] / 1e6, "MB", 1.5)]


def _slowest(what: str, ours: Measured | None, theirs: Measured | None, limit: float | None, size: int) -> Row:
    """The 95th percentile of both."""
    row = compared(8, what, ours, theirs, limit, size=size, note="" if limit else "for comparison")
    if ours is None or theirs is None:
        return row
    return replace(row, ours=ours.p95_ms, yardstick=theirs.p95_ms)


def of_bulk(told: dict[str, Any], theirs: Measured | None, size: int) -> list[Row]:
    """One act on many cases, a row: beside the same verb case by case, and beside the yardstick's mass update."""
    many, note = f"bulk act on {told['done']} cases, a row / ", "for comparison"
    rows = [
        Row(6, f"{many}the verb alone", size, told["row_ms"], told["alone_ms"], "ms", None, ours_cpu_ms=told["row_cpu_ms"],
            yardstick_cpu_ms=told["alone_cpu_ms"], others=told["others"], note=note),
    ]  # fmt: skip
    if theirs is not None:
        rows.append(
            Row(6, f"{many}helpdesk mass update", size, told["row_ms"], theirs.p50_ms / AT_ONCE, "ms", None,
                ours_cpu_ms=told["row_cpu_ms"], yardstick_cpu_ms=theirs.cpu_ms / AT_ONCE, others=theirs.others, note=note)
        )  # fmt: skip
    return rows


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
        Row(10, "marks told: event, ledger entry, notices / bare UPDATE", size, told["sweep"]["told"]["seconds"] * 1000,
            bare["seconds"] * 1000, "ms", None, note="for comparison"),
        _outbox("commit of three statements with outbox.post / plain", one["bare outbox"], one["bare"], size, 1.3),
        _outbox("action with outbox.post / without", one["action outbox"], one["action"], size, None, "for comparison"),
        Row(19, "action, chained / unchained, 8 writers", size, eight["per case"], eight["unchained"], "/s", 0.9, at_least=True),
        Row(19, "action, chained / one global chain, 8 writers", size, eight["per case"], eight["global"], "/s", None, at_least=True, note="for comparison"),
    ]  # fmt: skip


def of_returns(told: dict[int, dict[str, Any]]) -> list[Row]:
    """Returns: tap to the order of every leg, the check, the own loans; beside as many rows in bare SQL, and beside fewer loans."""
    names = {
        "return": "return, tap to all legs ordered",
        "check": "check of a return",
        "list": "own loans with last moment",
    }
    sizes, rows = sorted(told), []
    for size in sizes:
        one = told[size]
        rows.append(_of_return(f"{names['return']} / 60 rows in bare SQL", one["return"], one["bare"], size, None))
        rows.append(Row(20, "returns a second, one writer / so many rows in bare SQL", size, one["return"]["per_second"],
                        one["bare"]["per_second"], "/s", None, at_least=True, note="for comparison"))  # fmt: skip
        rows.append(_of_return("check of a return / the whole of it", one["check"], one["return"], size, 0.25))
    for name, what in names.items() if len(sizes) > 1 else ():
        for size in sizes[1:]:
            rows.append(
                _of_return(f"{what}, {sizes[0]} → {size} loans", told[size][name], told[sizes[0]][name], size, 1.3)
            )
    return rows


def _of_return(what: str, ours: dict[str, float], theirs: dict[str, float], size: int, limit: float | None) -> Row:
    return Row(
        20, what, size, ours["p50_ms"], theirs["p50_ms"], "ms", limit, ours_cpu_ms=ours["cpu_ms"], yardstick_cpu_ms=theirs["cpu_ms"],
        others=max(ours["others"], theirs["others"]), note="" if limit else "for comparison",
    )  # fmt: skip


def of_bundles(told: dict[str, Any]) -> list[Row]:
    """Bars 14 to 16: a bundle whose pages are there, beside `qpdf` over the same page files. The peers cannot be had from a registry."""
    limits = {"200": 2.2, "500": 1.5}
    rows = [
        Row(14, f"bundle of {pages} pages / qpdf merge", None, one["ours"]["seconds"] * 1000, one["qpdf"]["seconds"] * 1000, "ms",
            limits.get(pages), ours_cpu_ms=one["ours"]["cpu"] * 1000, yardstick_cpu_ms=one["qpdf"]["cpu"] * 1000,
            others=max(one["ours"]["others"], one["qpdf"]["others"]), note="" if pages in limits else "for comparison")
        for pages, one in told.items()
    ]  # fmt: skip
    rows += [
        Row(14, f"bundle of {pages} pages, peak of memory / qpdf merge", None, one["ours"]["peak_mb"], one["qpdf"]["peak_mb"], "MB",
            None, note="for comparison")
        for pages, one in told.items()
    ]  # fmt: skip
    rows += [
        Row(15, f"bundle of 200 pages / {peer}", None, None, None, "ms", limit, note="not run")
        for peer, limit in (("BunTool", 1 / 3), ("all by WeasyPrint", 1 / 2.5))
    ]
    return [
        *rows,
        _a_page(told),
        Row(16, "bundle of 500 pages, peak / BunTool", None, None, None, "MB", 0.5, note="not run"),
    ]


def _a_page(told: dict[str, Any]) -> Row:
    """What one page costs in a bundle of 500, beside one in a bundle of 200."""
    what = "a page of a bundle, 200 → 500 pages"
    if not {"200", "500"} <= set(told):
        return Row(16, what, None, None, None, "ms", 1.25, note="not measured")
    few, many = (told[pages]["ours"] for pages in ("200", "500"))
    return Row(
        16, what, None, many["seconds"] * 2, few["seconds"] * 5, "ms", 1.25, ours_cpu_ms=many["cpu"] * 2,
        yardstick_cpu_ms=few["cpu"] * 5, others=max(few["others"], many["others"]),
    )  # fmt: skip


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
