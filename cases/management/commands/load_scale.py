"""`manage.py load_scale --cases N`: believable complaints in numbers, for benchmarks and for trying the screens under load."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from cases.invariants import breaches
from cases.models import Source
from cases.scale import bare
from cases.scale.batch import missing_of, write_batch
from cases.scale.files import keep_letter
from cases.scale.world import World, world
from jike import ledger
from jike.base.dates import now as current_instant

Write = Callable[[list[int]], int]

BATCH = 500
TOLD_EVERY = 10_000
CHAINS = 300
"""So many chains are recomputed after a load without guards; `verify_ledger` recomputes all."""


class Command(BaseCommand):
    help = "Load N believable complaints with events, ledger, clocks, letters and messages. The same seed twice adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, required=True, metavar="N")
        parser.add_argument(
            "--seed", type=int, default=1, help="another seed gives other complaints, beside those of the first"
        )
        parser.add_argument("--processes", type=int, default=1, metavar="K", help="share the work among K processes")
        parser.add_argument(
            "--bare",
            action="store_true",
            help="take guards, foreign keys and indexes down while loading and check everything in sets afterwards;"
            " only for a database that nobody else is using",
        )

    def handle(self, **options: Any) -> None:
        self.began, seed, now = time.monotonic(), options["seed"], current_instant()
        if bare.is_down():
            self._put_back("An earlier load was cut off. ")
        known, missing = world(seed, now), missing_of(seed, options["cases"])
        batches = [missing[start : start + BATCH] for start in range(0, len(missing), BATCH)]
        write = partial(_write, seed, known, now)
        first = 1 if options["bare"] else len(batches)
        rows = self._load(batches[:first], write, options["processes"], of=len(missing))
        if later := batches[first:]:
            rows += self._load_bare(later, partial(write, is_guarded=False), options["processes"], of=len(missing))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if later:
            self._verify(seed)
        self._say(f"{len(missing)} cases, {rows} rows")

    def _load_bare(self, batches: list[list[int]], write: Write, processes: int, *, of: int) -> int:
        """All but the first batch, which the guards saw. They come back also when loading fails."""
        self._say("taking guards, foreign keys and indexes down; the first cases passed them")
        try:
            bare.take_down()
        except bare.NotAlone:
            raise CommandError("Somebody else is connected to this database. Load without --bare.") from None
        try:
            return self._load(batches, write, processes, of=of, done=BATCH)
        finally:
            self._put_back("")

    def _load(self, batches: list[list[int]], write: Write, processes: int, *, of: int, done: int = 0) -> int:
        rows = 0
        for batch, written in zip(batches, _spread(batches, write, processes), strict=True):
            rows, done = rows + written, done + len(batch)
            if done % TOLD_EVERY < BATCH:
                self._say(f"{done:>9} of {of}")
        return rows

    def _put_back(self, why: str) -> None:
        self._say(
            f"{why}putting guards, foreign keys and indexes back; foreign keys and uniqueness are checked over all rows"
        )
        bare.put_back()

    def _verify(self, seed: int) -> None:
        """What the guards did not see: every invariant over all cases, and the chains of some of the new ones."""
        self._say("checking the invariants of all cases")
        broken = [f"{found.code}: {', '.join(found.rows)}" for found in breaches()]
        some = Source.objects.filter(name=f"scale-{seed}").order_by("?").values_list("case_id", flat=True)[:CHAINS]
        broken += [f"{found.kind}: {found.subject} {found.seq}" for found in ledger.verify(some)]
        if broken:
            raise CommandError("\n".join(["The load contradicts itself.", *broken]))
        self._say(f"invariants hold, {len(some)} chains recomputed (verify_ledger recomputes all)")

    def _say(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:6.0f} s  {text}")


def _write(seed: int, known: World, now: datetime, numbers: list[int], *, is_guarded: bool = True) -> int:
    return write_batch(seed, numbers, known, now=now, keep_file=keep_letter, is_guarded=is_guarded)


def _spread(batches: list[list[int]], write: Write, processes: int) -> Iterator[int]:
    """The rows of each batch, in order; the batches are shared among so many processes."""
    if processes < 2 or len(batches) < 2:
        yield from map(write, batches)
        return
    connections.close_all()  # a forked process must not share them
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=fork, initializer=_Share, initargs=(write,)) as pool:
        yield from pool.map(_Share.write, batches)


class _Share:
    """What a forked process works with: inherited once, not sent with every batch."""

    known: Write

    def __init__(self, write: Write) -> None:
        _Share.known = write
        gc.freeze()
        gc.disable()

    @staticmethod
    def write(numbers: list[int]) -> int:
        rows = _Share.known(numbers)
        gc.collect()
        return rows
