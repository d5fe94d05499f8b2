"""What the search stores beside trigrams of the same words, and what it takes beside the bare SQL of its tokens.

Printed as one line of JSON. Run by `bench.run` with the product's environment on a working copy.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import DatabaseError, connection  # noqa: E402 - after setup
from django.http import QueryDict  # noqa: E402

from bench.words import WORDS  # noqa: E402
from cases.desk.listing import Listing  # noqa: E402
from cases.models import Case  # noqa: E402
from cases.search.pieces import words_of  # noqa: E402
from cases.search.text import tokens_of  # noqa: E402
from jike.accounts.models import User  # noqa: E402
from jike.accounts.roles import actor_of  # noqa: E402

SAMPLE = 20_000  # cases whose words are opened for the comparison of what is stored
BATCH = 500

OURS = """
    CREATE TABLE bench_tokens (LIKE search_text INCLUDING DEFAULTS INCLUDING STORAGE);
    INSERT INTO bench_tokens SELECT * FROM search_text WHERE case_id IN (SELECT case_id FROM bench_words);
    ALTER TABLE bench_tokens ADD PRIMARY KEY (id);
    CREATE INDEX bench_tokens_gin ON bench_tokens USING gin (tokens);
    CREATE INDEX bench_tokens_case ON bench_tokens (case_id);
"""
# Two ways to the newest fifty; which is faster depends on how common the words are, and the better one is the yardstick.
NEWEST_FIRST = """
    SELECT c.id FROM cases_case c WHERE c.unit_id = %(unit)s
       AND EXISTS (SELECT 1 FROM search_text t WHERE t.case_id = c.id AND t.tokens @> %(tokens)s::int[])
     ORDER BY c.received_at DESC, c.id DESC LIMIT 50
"""
WORDS_FIRST = """
    WITH hit AS MATERIALIZED (SELECT DISTINCT case_id FROM search_text WHERE tokens @> %(tokens)s::int[])
    SELECT c.id FROM cases_case c JOIN hit ON hit.case_id = c.id WHERE c.unit_id = %(unit)s
     ORDER BY c.received_at DESC, c.id DESC LIMIT 50
"""


def said() -> Iterator[tuple[UUID, str]]:
    """The words in the clear, row by row, of the first cases."""
    cases = list(Case.objects.order_by("pk").values_list("pk", flat=True)[:SAMPLE])
    for start in range(0, len(cases), BATCH):
        for words in words_of(cases[start : start + BATCH]):
            yield words.case, " ".join(words.fields.values())


def stored() -> dict[str, Any]:
    """Bytes of tokens with their index, and of a trigram index on the same words in the clear, for the same cases."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return {"missing": "pg_trgm is not on this server"}
        rows = list(said())  # read before: a connection that copies answers nothing else
        cursor.execute("CREATE TABLE bench_words (case_id uuid NOT NULL, words text NOT NULL)")
        with cursor.copy("COPY bench_words FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(OURS)
        cursor.execute("CREATE INDEX bench_words_trgm ON bench_words USING gin (words gin_trgm_ops)")
        names = {"ours": "bench_tokens", "theirs": "bench_words_trgm", "text": "bench_words"}
        sizes = {}
        for key, name in names.items():
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
            sizes[key] = cursor.fetchone()[0]
        sizes["text"] -= sizes["theirs"]
        cursor.execute("DROP TABLE bench_words, bench_tokens")
        cursor.execute("DROP EXTENSION pg_trgm")
    return sizes


def timed(work: Callable[[], Any], rounds: int) -> float:
    """Median milliseconds."""
    work()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return median(found) * 1000


def raw(sql: str, given: dict[str, Any]) -> Callable[[], Any]:
    def work() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall()

    return work


def searched(rounds: int) -> dict[str, dict[str, float]]:
    """Each word by the product's own listing (found, opened, confirmed, drawn) and by the better of two bare statements."""
    reader = (
        User.objects.filter(username__startswith="scale-", roles__contains=["supervisor"]).order_by("username").first()
    )
    assert reader is not None
    actor, now = actor_of(reader), datetime.now(UTC)

    def ours(text: str) -> Callable[[], Any]:
        def work() -> Any:
            listing = Listing(QueryDict("", mutable=True) | {"q": text}, "all", actor, now=now)
            return listing.page()

        return work

    found = {}
    for name, text in WORDS.items():
        given = {"unit": reader.unit_id, "tokens": sorted(tokens_of(text))}
        bare = min(timed(raw(sql, given), rounds) for sql in (NEWEST_FIRST, WORDS_FIRST))
        found[name] = {"ours_ms": timed(ours(text), rounds), "raw_ms": bare}
    return found


if __name__ == "__main__":
    searches = searched(5 if "--quick" in sys.argv else 15)
    print(json.dumps({"searches": searches, "stored": stored()}))
