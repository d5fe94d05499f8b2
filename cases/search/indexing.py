"""Keeping the tokens beside the words: after every event within seconds, and for all cases by `manage.py search_rebuild`."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from cases.models import Case
from cases.search.models import Piece
from cases.search.pieces import words_of
from jike.outbox import jobs
from jike.privacy.models import DataKey

BATCH = 200
SECONDS_OF_A_SWEEP = 3.0

_TAKE = """
    DELETE FROM search_due WHERE id IN (SELECT id FROM search_due ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING case_id
"""
# Rows that do not change are read once; these may change with the case.
_CHANGING = (Piece.Source.CASE, Piece.Source.PARTY)


@jobs.timer("search.index")
def index_due(now: datetime) -> int:
    """Index the cases that something happened to; how many. A crash leaves their rows in `search_due`."""
    until, done = time.monotonic() + SECONDS_OF_A_SWEEP, 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_TAKE, [BATCH])
                cases = {row[0] for row in cursor.fetchall()}
            index_cases(cases)
        done += len(cases)
        if not cases or time.monotonic() > until:
            return done


def index_cases(cases: Collection[UUID], *, anew: bool = False) -> None:
    """Bring the tokens of these cases up to date, in the caller's transaction. Running it again changes nothing.

    `anew` reads the rows that never change once more, as a new key asks for.
    """
    cases = readable(cases)
    if not cases:
        return
    known = {
        pk: (source, tokens)
        for pk, source, tokens in Piece.objects.filter(case_id__in=cases).values_list("id", "source", "tokens")
    }
    final = [pk for pk, (source, _tokens) in known.items() if source not in _CHANGING and not anew]
    fresh, same = [], set(final)
    for words in words_of(cases, but=final):
        tokens = words.tokens()
        if known.get(words.id, ("", None))[1] == tokens:
            same.add(words.id)
        elif tokens:
            fresh.append(
                Piece(id=words.id, case_id=words.case, source=words.source, audience=words.audience, tokens=tokens)
            )
    Piece.objects.filter(pk__in=known.keys() - same).delete()
    Piece.objects.bulk_create(fresh)


def readable(cases: Collection[UUID]) -> list[UUID]:
    """The cases whose key is there. It stays until these tokens are written: whoever destroys it then finds and takes them.

    A draft whose papers were read has a key and is no case yet; the event that makes it one notes it again.
    """
    opened = Case.objects.filter(pk__in=cases).values("pk")
    keys = DataKey.objects.select_for_update().filter(pk__in=opened, destroyed_at=None)
    return list(keys.order_by("pk").values_list("pk", flat=True))
