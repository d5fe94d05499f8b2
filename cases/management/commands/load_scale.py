"""`manage.py load_scale --cases N`: believable complaints in numbers, for benchmarks and for trying the screens under load."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from cases.scale.batch import missing_of, write_batch
from cases.scale.files import keep_letter
from cases.scale.world import world
from jike.base.dates import now as current_instant

BATCH = 500


class Command(BaseCommand):
    help = "Load N believable complaints with events, ledger, clocks, letters and messages. The same seed twice adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, required=True, metavar="N")
        parser.add_argument(
            "--seed", type=int, default=1, help="another seed gives other complaints, beside those of the first"
        )
        parser.add_argument(
            "--part",
            default="1/1",
            metavar="I/K",
            help="load only every K-th batch, so that K processes share the work",
        )

    def handle(self, **options: Any) -> None:
        now, began, seed = current_instant(), time.monotonic(), options["seed"]
        part, parts = map(int, options["part"].split("/"))
        known = world(seed, now)
        rows = cases = 0
        for start in range((part - 1) * BATCH, options["cases"], BATCH * parts):
            numbers = missing_of(seed, range(start, min(start + BATCH, options["cases"])))
            if numbers:
                rows += write_batch(seed, numbers, known, now=now, keep_file=keep_letter)
                cases += len(numbers)
                self.stdout.write(f"{start + BATCH:>9} of {options['cases']}  {time.monotonic() - began:6.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{cases} cases, {rows} rows, {time.monotonic() - began:.0f} s")
