"""From a query to cases: conditions for the database, and a last look at the words themselves before a hit is shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from cases.models import Case, Party
from cases.queries import in_full_sight
from cases.search import language
from cases.search.language import All, Field, Node, Not, Query, Word
from cases.search.models import Piece
from cases.search.operators import Asked, condition_of, merchants_named, with_tokens
from cases.search.pieces import Closed, closed_rows
from cases.search.text import folded, is_one_token, tokens_of
from jike.privacy import blind_index

RARE = 5_000
LOOKED_THROUGH, PAPERS_LOOKED_THROUGH = 300, 100
_FIRST = Piece.Source.values  # the order in which a place is named
_HITS = """
SELECT count(*), array_agg(DISTINCT case_id)::text
FROM (SELECT case_id FROM search_text WHERE tokens @> %s::int[] LIMIT %s) AS hit
"""
_NUMBER = re.compile(r"[a-z]{2}[0-9]{8}-[0-9]{1,9}")


@dataclass
class Search:
    """One query of one person, made ready: `narrowed` filters a list of cases, `confirmed` drops what only looked like a hit.

    `looked_through` is set when a word was too short for the index: then only the first cases of the list were opened.
    """

    query: Query
    asked: Asked
    looked_through: bool = False
    _words: dict[str, list[int]] = field(default_factory=dict)

    def narrowed(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Raises `QueryError` for a value that an operator cannot read."""
        return cases.filter(self._condition(self.query.node, cases)) if self.query.parts else cases

    def confirmed(self, cases: Collection[UUID], *, shops: Mapping[UUID, str] | None = None) -> dict[UUID, str]:
        """Those of `cases` whose words do hold what was asked, each with the sort of row it was found in.

        `shops` are the merchants' names of those that are seen in full, for a caller who knows. A word that is one token is
        proven by it; of longer ones the rows are opened whose tokens fit. One set of queries for a whole page.
        """
        if not self._words or not cases:
            return dict.fromkeys(cases, "")
        if shops is None:
            readable = Case.objects.filter(in_full_sight(self.asked.actor), pk__in=cases)
            shops = {pk: name or "" for pk, name in readable.values_list("pk", "merchant__name")}
        proven, closed = self._fitting(list(shops))
        kept = {}
        for case in cases:
            found = Found(
                closed.get(case, []), proven.get(case, {}), folded(shops.get(case, "")), self._words, case in shops
            )
            if found.judge(self.query.node) is not False:
                kept[case] = found.where
        return kept

    def _fitting(self, cases: Collection[UUID]) -> tuple[dict[UUID, dict[str, str]], dict[UUID, list[Closed]]]:
        """Which words of each case its tokens prove, with the sort of row, and the closed rows that may hold the others."""
        proven: dict[UUID, dict[str, str]] = defaultdict(dict)
        to_open: dict[str, list[UUID]] = {source: [] for source in _FIRST}
        for source, pk, case, *fits in self._pieces(cases):
            for word, is_fitting in zip(self._words, fits, strict=True):
                if is_fitting and is_one_token(word):
                    earlier = proven[case].get(word, source)
                    proven[case][word] = min(earlier, source, key=_FIRST.index)
                elif is_fitting:
                    to_open[source].append(pk)
        return proven, closed_rows(cases, only=to_open) if any(to_open.values()) else {}

    def _pieces(self, cases: Collection[UUID]) -> list[tuple[Any, ...]]:
        """(sort, id, case, does the first word fit, the second, …) of every row in which any word may be."""
        fits, words = ["tokens @> %s::int[]"] * len(self._words), list(self._words.values())
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT source, id, case_id, {', '.join(fits)} FROM search_text"  # noqa: S608 - placeholders
                f" WHERE case_id = ANY(%s) AND ({' OR '.join(fits)})",
                [*words, list(cases), *words],
            )
            return cursor.fetchall()

    def _condition(self, node: Node, cases: QuerySet[Case]) -> Q:
        if isinstance(node, Word):
            return self._word(node.text, cases)
        if isinstance(node, Field):
            return condition_of(node, self.asked)
        if isinstance(node, Not):
            return ~self._condition(node.node, cases)
        join: Callable[[Q, Q], Q] = and_ if isinstance(node, All) else or_
        return reduce(join, (self._condition(one, cases) for one in node.nodes))

    def _word(self, text: str, cases: QuerySet[Case]) -> Q:
        """Words of the parties count only where the person sees the whole case; number and registered merchant everywhere."""
        plain = folded(text)
        if _NUMBER.fullmatch(plain):
            return Q(number=plain.upper())
        readable = in_full_sight(self.asked.actor)
        try:
            index = blind_index("phone", plain)
        except ValueError:
            pass
        else:
            return readable & Q(
                pk__in=list(Party.objects.filter(phone_index=index).values_list("case_id", flat=True)[:RARE])
            )
        tokens = sorted(tokens_of(plain))
        named = Q(merchant_id__in=found) if len(plain) > 1 and (found := merchants_named(text)) else None
        said = readable & (self._indexed(plain, tokens) if tokens else self._opened(plain, cases))
        return said | named if named is not None else said

    def _indexed(self, plain: str, tokens: list[int]) -> Q:
        """A rare word by the list of its cases, which any order can then use; a common one is asked of each case in turn.

        The list goes back to the database as it came: thousands of single keys would cost more than the search.
        """
        self._words[plain] = tokens
        with connection.cursor() as cursor:
            cursor.execute(_HITS, [tokens, RARE + 1])
            number, cases = cursor.fetchone()
        if not number:
            return Q(pk__in=[])
        return Q(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [cases])) if number <= RARE else with_tokens(tokens)

    def _opened(self, plain: str, cases: QuerySet[Case]) -> Q:
        """A single character makes no token: the first cases of the list are opened and read."""
        self.looked_through = True
        some = list(cases.filter(in_full_sight(self.asked.actor)).values_list("pk", flat=True)[:LOOKED_THROUGH])
        newest = Piece.objects.filter(case_id__in=some, source=Piece.Source.PAPER).order_by("-id")
        papers = list(newest.values_list("pk", flat=True)[:PAPERS_LOOKED_THROUGH])
        closed = closed_rows(some, only={Piece.Source.PAPER: papers})
        held = [case for case, rows in closed.items() if any(row.holds(plain) for row in rows)]
        return Q(pk__in=held)


@dataclass
class Found:
    """What the words of one case say to a query: yes, no, or nothing (None) where words do not decide."""

    said: list[Closed]
    proven: Mapping[str, str]
    shop: str
    indexed: Collection[str]
    is_readable: bool
    where: str = ""

    def judge(self, node: Node) -> bool | None:
        if isinstance(node, Word):
            return self._holds(folded(node.text))
        if isinstance(node, Field):
            return None
        if isinstance(node, Not):
            inner = self.judge(node.node)
            return None if inner is None else not inner
        answers = [self.judge(one) for one in node.nodes]
        decided = not isinstance(node, All)
        if decided in answers:
            return decided
        return None if None in answers else not decided

    def _holds(self, needle: str) -> bool | None:
        """Number, phone and single characters were found exactly; so was a case that may not be opened, by its merchant's name."""
        if needle not in self.indexed or not self.is_readable:
            return None
        where = self.proven.get(needle, "")
        if not is_one_token(needle):
            where = next((row.source for row in self.said if row.holds(needle)), "")
        self.where = self.where or where
        return bool(where) or needle in self.shop


def search(text: str, asked: Asked) -> Search:
    """Raises `QueryError`."""
    return Search(language.parse(text), asked)
