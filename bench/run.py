"""The order of one run: yardsticks and product side by side, size by size, then what needs no web server."""

from __future__ import annotations

import argparse
import time

from django.conf import settings

from bench import bars, commits, facts, helpdesk, product, results
from bench.measure import Measured, Page, in_turns
from bench.places import Database, bench_home, home_server


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(chosen: argparse.Namespace) -> int:
    """Measure everything, print and write it. Answers how many bars were missed."""
    server = home_server(settings.DATABASES["default"])
    told, rows, pages = facts.gathered(server), [], {}
    say(f"machine: {told['cores']} cores, {told['cpu']}, PostgreSQL {told['postgresql']}, load {told['load']:.1f}")
    say("complaints in Jike, kept for the next run")
    kept = product.loaded(server, chosen.sizes, fresh=chosen.fresh)
    measured: dict[int, dict[str, Measured]] = {}
    for size in chosen.sizes:
        with product.working_copy(server, kept[size], size) as prepared:
            measured[size] = _at_size(server, prepared, size, chosen)
            rows += bars.of_pages(measured[size], size)
            say(f"{size}: sweep, outbox and ledger")
            probes = product.ask(prepared.database, "bench.probes", *(["--quick"] if chosen.quick else []))
        rows += bars.of_probes(probes, size)
        pages[str(size)] = {name: results.as_json(one) for name, one in measured[size].items()} | {"probes": probes}
    if len(chosen.sizes) > 1:
        first, last = chosen.sizes[0], chosen.sizes[-1]
        rows += bars.of_growth(measured[first], measured[last], (first, last))
    say("durable commits in bare SQL")
    rates = commits.measured(server, rounds=2 if chosen.quick else 3, seconds=1.0 if chosen.quick else 1.5)
    pages["commits"] = {f"{name}, {clients} writers": vars(one) for (name, clients), one in rates.items()}
    rows += bars.of_commits(rates)
    path = bench_home().parent / "bench.json"
    results.write(path, told, pages, rows)
    print("\n" + results.table(rows))
    say(f"written to {path}")
    return sum(row.met is False for row in rows)


def _at_size(
    server: Database, prepared: product.Prepared, size: int, chosen: argparse.Namespace
) -> dict[str, Measured]:
    """All pages of both sides with so many cases, in turns."""
    say(f"{size} tickets in django-helpdesk, kept for the next run")
    with helpdesk.running(server, size) as theirs, product.running(prepared, size) as ours:
        pages: list[Page] = [*theirs.values(), *ours.values()]
        say(f"{size}: measuring {len(pages)} pages in turns")
        return in_turns(pages, rounds=3 if chosen.quick else 6, per_round=5, crowd=16 if chosen.quick else 24)
