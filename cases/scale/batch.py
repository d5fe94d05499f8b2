"""Writing a batch of stories in one transaction: keys, files, COPY, then the case rows walked along their events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from cases.kinds import kind_named
from cases.models import Source
from cases.numbers import sequence_of
from cases.scale.rows import MODELS, Gathered, Move, Sealer
from cases.scale.stories import story
from cases.scale.telling import Telling
from cases.scale.world import World
from cases.search.models import Due
from jike import ledger, privacy
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.privacy.keys import cipher_for

KeepFile = Callable[[UUID, bytes], None]


def missing_of(seed: int, numbers: Sequence[int]) -> list[int]:
    """Those of `numbers` that this seed has not written yet."""
    wanted = [str(n) for n in numbers]
    known = set(
        Source.objects.filter(name=f"scale-{seed}", external_id__in=wanted).values_list("external_id", flat=True)
    )
    return [n for n in numbers if str(n) not in known]


@transaction.atomic
def write_batch(seed: int, numbers: Sequence[int], world: World, *, now: datetime, keep_file: KeepFile) -> int:
    """Write the complaints `numbers` of a seed; answers how many rows. All or nothing: a run cut off is simply run again."""
    stories = [story(seed, n, now=now) for n in numbers]
    cases, people = [uuid7() for _ in stories], [uuid7() for _ in stories]
    privacy.create_keys([*cases, *people])
    gathered = Gathered()
    for told, counter, case, person in zip(stories, _counters(len(stories)), cases, people, strict=True):
        number = f"{kind_named('complaint').prefix}{cst_date(told.received_at):%Y%m%d}-{counter:05d}"
        seals = {"case": Sealer(case, cipher_for(case)), "person": Sealer(person, cipher_for(person))}
        Telling(gathered, world, told, number=number, seed=seed, now=now, **seals).tell()
    for scope, content in gathered.files:
        keep_file(scope, content)
    rows = sum(gathered.tables[model].write() for model in MODELS)
    rows += ledger.append_many(gathered.entries)
    _move(gathered.moves)
    Due.objects.filter(case_id__in=cases).delete()  # their tokens are there already
    return rows


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
