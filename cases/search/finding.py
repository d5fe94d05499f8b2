"""From a query to cases: conditions for the database, and a last look at the words themselves before a hit is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from cases.models import Case, Party
from cases.queries import in_full_sight
from cases.search import language
from cases.search.language import All, Field, Node, Not, Query, Word
from cases.search.models import Piece
from cases.search.operators import Asked, condition_of, merchants_named, with_tokens
from cases.search.pieces import Words, words_by_case
from cases.search.text import folded, tokens_of
from jike.privacy import blind_index

RARE = 5_000
LOOKED_THROUGH, PAPERS_LOOKED_THROUGH = 300, 100
_NUMBER = re.compile(r"[a-z]{2}[0-9]{8}-[0-9]{1,9}")


@dataclass
class Search:
    """One query of one person, made ready: `narrowed` filters a list of cases, `confirmed` drops what only looked like a hit.

    `looked_through` is set when a word was too short for the index: then only the first cases of the list were opened.
    """

    query: Query
    asked: Asked
    looked_through: bool = False
    _words: list[str] = field(default_factory=list)

    def narrowed(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Raises `QueryError` for a value that an operator cannot read."""
        return cases.filter(self._condition(self.query.node, cases)) if self.query.parts else cases

    def confirmed(self, cases: Collection[UUID]) -> dict[UUID, str]:
        """Those of `cases` whose opened words do hold what was asked, each with the sort of row it was found in.

        Cases found by their head alone are kept unopened. One set of queries for a whole page.
        """
        if not self._words or not cases:
            return dict.fromkeys(cases, "")
        readable = Case.objects.filter(in_full_sight(self.asked.actor), pk__in=cases)
        shops = dict(readable.values_list("pk", "merchant__name"))
        opened = words_by_case(list(shops), only=self._fitting(shops))
        kept = {}
        for case in cases:
            found = Found(opened.get(case, []), folded(shops.get(case) or ""), self._words, is_readable=case in shops)
            if found.judge(self.query.node) is not False:
                kept[case] = found.where
        return kept

    def _fitting(self, cases: Collection[UUID]) -> dict[str, list[UUID]]:
        """The rows that may hold a word that was asked for, by their sort. The others stay closed: opening is what costs."""
        fits = reduce(or_, (Q(tokens__contains=sorted(tokens_of(word))) for word in self._words))
        found: dict[str, list[UUID]] = {source: [] for source in Piece.Source.values}
        for source, pk in Piece.objects.filter(fits, case_id__in=cases).values_list("source", "pk"):
            found[source].append(pk)
        return found

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
        """A rare word by the list of its cases, which any order can then use; a common one is asked of each case in turn."""
        self._words.append(plain)
        hits = Piece.objects.filter(tokens__contains=tokens).values_list("case_id", flat=True)
        rare = list(hits[: RARE + 1])
        return _among(rare) if len(rare) <= RARE else with_tokens(tokens)

    def _opened(self, plain: str, cases: QuerySet[Case]) -> Q:
        """A single character makes no token: the first cases of the list are opened and read."""
        self.looked_through = True
        some = list(cases.filter(in_full_sight(self.asked.actor)).values_list("pk", flat=True)[:LOOKED_THROUGH])
        newest = Piece.objects.filter(case_id__in=some, source=Piece.Source.PAPER).order_by("-id")
        papers = list(newest.values_list("pk", flat=True)[:PAPERS_LOOKED_THROUGH])
        opened = words_by_case(some, only={Piece.Source.PAPER: papers})
        held = [case for case, said in opened.items() if any(words.holds(plain) for words in said)]
        return Q(pk__in=held)


def _among(cases: Collection[UUID]) -> Q:
    """These cases as one array: thousands of single parameters would cost more than the search."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [list(set(cases))]))


@dataclass
class Found:
    """What the opened words of one case say to a query: yes, no, or nothing (None) where words do not decide."""

    said: list[Words]
    shop: str
    indexed: list[str]
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
        where = next((words.source for words in self.said if words.holds(needle)), "")
        self.where = self.where or where
        return bool(where) or needle in self.shop


def search(text: str, asked: Asked) -> Search:
    """Raises `QueryError`."""
    return Search(language.parse(text), asked)
