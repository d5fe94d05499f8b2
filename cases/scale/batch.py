"""Writing a batch of stories in one transaction: keys, files, COPY, then the case rows walked along their events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from cases.kinds import kind_named
from cases.models import Source
from cases.numbers import sequence_of
from cases.scale.ids import Id
from cases.scale.rows import Gathered, Move, Sealer
from cases.scale.stories import story
from cases.scale.telling import Telling
from cases.scale.world import World
from cases.search.models import Due
from jike import privacy
from jike.base.dates import cst_date
from jike.privacy.keys import cipher_for

KeepFile = Callable[[UUID, bytes, bytes], None]


def missing_of(seed: int, count: int) -> list[int]:
    """Those of the first `count` complaints that this seed has not written yet."""
    known = set(Source.objects.filter(name=f"scale-{seed}").values_list("external_id", flat=True).iterator())
    return [n for n in range(count) if str(n) not in known]


def write_batch(
    seed: int, numbers: Sequence[int], world: World, *, now: datetime, keep_file: KeepFile, is_guarded: bool = True
) -> int:
    """Write the complaints `numbers` of a seed; answers how many rows. All or nothing: a run cut off is simply run again.

    `is_guarded` says that the guards of the database look on (see `cases.scale.bare`).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")  # what a crash loses is loaded again
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            gathered = Gathered(cursor.fetchone()[0], now, is_guarded)
        cases = _told(gathered, seed, numbers, world)
        for scope, digest, content in gathered.files:
            keep_file(scope, digest, content)
        rows = gathered.write()
        if is_guarded:
            _move(gathered.moves)
            Due.objects.filter(case_id__in=cases).delete()  # their tokens are there already
    return rows


def _told(gathered: Gathered, seed: int, numbers: Sequence[int], world: World) -> list[Id]:
    stories = [story(seed, n, now=gathered.now) for n in numbers]
    cases, people = [gathered.new_id() for _ in stories], [gathered.new_id() for _ in stories]
    privacy.create_keys([*cases, *people])
    for told, counter, case, person in zip(stories, _counters(len(stories)), cases, people, strict=True):
        number = f"{kind_named('complaint').prefix}{cst_date(told.received_at):%Y%m%d}-{counter:05d}"
        seals = {"case": Sealer(case, cipher_for(case)), "person": Sealer(person, cipher_for(person))}
        Telling(gathered, world, told, number=number, seed=seed, now=gathered.now, **seals).tell()
    return cases


def _counters(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence_of("complaint"), count])
        return [row[0] for row in cursor.fetchall()]


def _move(moves: Sequence[Move]) -> None:
    """Walk the case rows to their last version, one statement per rank: the guards look at every step at commit."""
    with connection.cursor() as cursor:
        for rank in sorted({move.rank for move in moves}):
            some = [move for move in moves if move.rank == rank]
            cursor.execute(
                """UPDATE cases_case c SET state = m.state, version = m.version, assignee_id = m.assignee
                     FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::uuid[]) AS m (id, state, version, assignee) WHERE c.id = m.id""",
                [
                    [m.case for m in some],
                    [m.state for m in some],
                    [m.version for m in some],
                    [m.assignee for m in some],
                ],
            )
