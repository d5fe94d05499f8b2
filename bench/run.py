"""The order of one run: yardsticks and product side by side, size by size, then what needs no web server."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.conf import settings

from bench import bars, commits, facts, helpdesk, product, results, returns
from bench.measure import Measured, Page, in_turns
from bench.places import Database, bench_home, home_server
from bench.results import Row


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(chosen: argparse.Namespace) -> int:
    """Measure everything, print and write it. Answers how many bars were missed."""
    server = home_server(settings.DATABASES["default"])
    told = facts.gathered(server)
    say(f"machine: {told['cores']} cores, {told['cpu']}, PostgreSQL {told['postgresql']}, load {told['load']:.1f}")
    if chosen.loans:
        return _returns(server, told, chosen)
    say("complaints in Jike, kept for the next run")
    kept = product.loaded(server, chosen.sizes, fresh=chosen.fresh)
    told["loads"] = product.loads()
    pages: dict[str, Any] = {}
    runs: list[list[Row]] = []
    for time_of in range(1, chosen.times + 1):
        if chosen.times > 1:
            say(f"run {time_of} of {chosen.times}")
        rows, pages[str(time_of)] = _once(server, kept, chosen)
        runs.append(rows)
    rows = results.middle(runs)
    path = bench_home().parent / "bench.json"
    results.write(path, told, pages, rows)
    print("\n" + results.table(rows))
    say(f"written to {path}")
    return sum(row.met is False for row in rows)


def _returns(server: Database, told: dict[str, Any], chosen: argparse.Namespace) -> int:
    """Returns alone; the table and `bench-returns.json`."""
    say("returns with loans on record, kept for the next run")
    rows, found = returns.measured(server, chosen.loans, fresh=chosen.fresh, quick=chosen.quick)
    path = bench_home().parent / "bench-returns.json"
    results.write(path, told, found, rows)
    print("\n" + results.table(rows))
    say(f"written to {path}")
    return sum(row.met is False for row in rows)


def _once(server: Database, kept: dict[int, str], chosen: argparse.Namespace) -> tuple[list[Row], dict[str, Any]]:
    """Every bar once, and what was measured for it."""
    measured: dict[int, dict[str, Measured]] = {}
    rows: list[Row] = []
    pages: dict[str, Any] = {}
    quick = ["--quick"] if chosen.quick else []
    for size in chosen.sizes:
        with product.working_copy(server, kept[size], size) as prepared:
            found = measured[size] = _at_size(server, prepared, size, chosen)
            lent = _yardsticks(measured, size)
            say(f"{size}: search, many at once, sweep, outbox and ledger")
            told = {
                name: product.ask(prepared.database, f"bench.{name}", *quick)
                for name in ("search_probes", "bulk_probe", "probes")
            }
            if size == chosen.sizes[0]:
                say("evidence bundles beside qpdf")
                told["bundle_probe"] = product.ask(prepared.database, "bench.bundle_probe", *quick)
                rows += bars.of_bundles(told["bundle_probe"])
        rows += bars.of_pages(found | lent, size, borrowed=bool(lent))
        rows += bars.of_search(found | lent, measured[chosen.sizes[0]], told["search_probes"], size)
        rows += bars.of_bulk(told["bulk_probe"], (found | lent).get("helpdesk mass update"), size)
        rows += bars.of_probes(told["probes"], size)
        pages[str(size)] = {name: results.as_json(one) for name, one in found.items()} | told
    if len(chosen.sizes) > 1:
        first, last = chosen.sizes[0], chosen.sizes[-1]
        rows += bars.of_growth(measured[first], measured[last], (first, last))
    say("durable commits in bare SQL")
    rates = commits.measured(server, rounds=2 if chosen.quick else 3, seconds=1.0 if chosen.quick else 1.5)
    pages["commits"] = {f"{name}, {clients} writers": vars(one) for (name, clients), one in rates.items()}
    return rows + bars.of_commits(rates), pages


def _yardsticks(measured: dict[int, dict[str, Measured]], size: int) -> dict[str, Measured]:
    """Where the yardstick was not run with so many tickets: what it took with the most it was run with."""
    if "helpdesk list" in measured[size]:
        return {}
    smaller = [found for at, found in sorted(measured.items()) if "helpdesk list" in found]
    return {name: one for name, one in smaller[-1].items() if name.startswith("helpdesk")} if smaller else {}


def _at_size(
    server: Database, prepared: product.Prepared, size: int, chosen: argparse.Namespace
) -> dict[str, Measured]:
    """All pages of both sides with so many cases, in turns; ours alone where the yardstick is not asked with so many."""
    rounds, crowd = (3, 16) if chosen.quick else (6, 24)
    if size > chosen.helpdesk_up_to:
        with product.running(prepared, size) as ours:
            say(f"{size}: measuring {len(ours)} pages in turns, without django-helpdesk")
            return in_turns(list(ours.values()), rounds=rounds, per_round=5, crowd=crowd)
    say(f"{size} tickets in django-helpdesk, kept for the next run")
    with helpdesk.running(server, size) as theirs, product.running(prepared, size) as ours:
        pages: list[Page] = [*theirs.values(), *ours.values()]
        say(f"{size}: measuring {len(pages)} pages in turns")
        return in_turns(pages, rounds=rounds, per_round=5, crowd=crowd)
