"""One pass of timers, outbox and job recovery."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jike.base.dates import now as current_instant
from jike.outbox.sweeping import sweep, worker_seen_since
from jike.outbox.working import run_due

WORKER_SILENT_AFTER = timedelta(seconds=30)


class Command(BaseCommand):
    help = "One pass of timers, outbox and job recovery. Without a living worker the due jobs are done here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document on the last line")
        parser.add_argument(
            "--run",
            action=argparse.BooleanOptionalAction,
            default=None,
            help="do the due jobs in this process (default: only when no worker has been seen for 30 seconds)",
        )
        parser.add_argument("--limit", type=int, default=10_000, help="do at most this many jobs")

    def handle(self, **options: Any) -> None:
        now = current_instant()
        run_here = options["run"] if options["run"] is not None else not worker_seen_since(now - WORKER_SILENT_AFTER)
        swept = sweep(now=now)
        summary: dict[str, object] = {"swept": swept is not None, **(swept.as_dict() if swept else {})}
        summary["ran"] = run_due(limit=options["limit"]) if run_here else {}
        self.stdout.write(json.dumps(summary) if options["json"] else _sentence(summary))


def _sentence(summary: dict[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in summary.items())
