"""The order of one run: yardsticks and product side by side, size by size, then what needs no web server."""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from typing import Any

from django.conf import settings

from bench import bars, commits, facts, helpdesk, results
from bench.measure import Measured, Page, in_turns
from bench.places import Database, bench_home, home_server


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)  # noqa: T201 - progress for whoever waits


def run(chosen: argparse.Namespace) -> int:
    """Measure everything, print and write it. Answers how many bars were missed."""
    server = home_server(settings.DATABASES["default"])
    told, rows, pages = facts.gathered(server), [], {}
    say(f"machine: {told['cores']} cores, {told['cpu']}, PostgreSQL {told['postgresql']}, load {told['load']:.1f}")
    for size in chosen.sizes:
        found = _at_size(server, size, chosen)
        pages[str(size)] = {name: results.as_json(one) for name, one in found.items()}
        rows += bars.of_pages(found, size)
    say("durable commits")
    rates = commits.measured(server, rounds=2 if chosen.quick else 3, seconds=1.0 if chosen.quick else 2.0)
    pages["commits"] = {f"{name}, {clients} writers": vars(one) for (name, clients), one in rates.items()}
    rows += bars.of_commits(rates)
    path = bench_home().parent / "bench.json"
    results.write(path, told, pages, rows)
    print("\n" + results.table(rows))  # noqa: T201 - the report
    say(f"written to {path}")
    return sum(row.met is False for row in rows)


def _at_size(server: Database, size: int, chosen: argparse.Namespace) -> dict[str, Measured]:
    """All pages of both sides with so many cases, in turns."""
    with ExitStack() as stack:
        say(f"{size} tickets in django-helpdesk")
        measured: list[Page] = list(stack.enter_context(helpdesk.running(server, size)).values())
        say(f"{size}: measuring {len(measured)} pages in turns")
        rounds = 3 if chosen.quick else 6
        return in_turns(measured, rounds=rounds, per_round=5, crowd=16 if chosen.quick else 32)


def told_of(found: dict[str, Measured]) -> dict[str, Any]:
    return {name: results.as_json(one) for name, one in found.items()}
