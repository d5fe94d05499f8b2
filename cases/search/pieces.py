"""The words of cases, read where they are kept: one entry for each row that holds some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cases.attachments.models import PaperText
from cases.kinds import all_kinds
from cases.models import Decision, Message, Note, Party
from cases.search.models import Piece
from cases.search.text import folded, keyed, tokens_of
from jike.privacy import EncryptedTextField, Sealed, Unreadable, open_sealed, prefetch_keys
from jike.privacy.fields import scope_of

Source = Piece.Source
TAIL = 4


@dataclass(frozen=True, slots=True)
class Words:
    """The clear words of one row, by field. Never stored: they are hashed."""

    id: UUID
    case: UUID
    source: str
    audience: str
    fields: dict[str, str]

    def tokens(self) -> list[int]:
        found: set[int] = set()
        for name, text in self.fields.items():
            if name == "phone":
                found.add(keyed("t", folded(text)[-TAIL:]))
                continue
            found |= tokens_of(text)
            if name == "merchant_named":
                found |= tokens_of(text, place="m")
        return sorted(found)


def words_of(cases: Collection[UUID], *, but: Collection[UUID] = ()) -> Iterator[Words]:
    """Every row with words of these cases, but those whose id is in `but`. What cannot be opened any more is left out."""
    prefetch_keys(cases)
    for place in _places():
        yield from _opened(place.of(cases).exclude(pk__in=but), place)


def closed_rows(cases: Collection[UUID], *, only: Mapping[str, Collection[UUID]]) -> dict[UUID, list[Closed]]:
    """The rows with words of each case, still closed; `only` as in `words_of`, and a sort of no rows costs no query."""
    prefetch_keys(cases)
    found: dict[UUID, list[Closed]] = defaultdict(list)
    for place in _places():
        if place.source in only and not only[place.source]:
            continue
        rows = place.rows.filter(pk__in=only[place.source]) if place.source in only else place.of(cases)
        model = place.rows.model
        scope = model.key_scope
        fields = [model._meta.get_field(name) for name in place.names if name != "phone"]
        for pk, case, *values in rows.values_list("pk", "pk" if scope == "id" else scope, *[f.name for f in fields]):
            held = [(field, value) for field, value in zip(fields, values, strict=True) if value]
            held.sort(
                key=lambda one: len(one[1].ciphertext or b"")
            )  # the longest is opened first: most words stand there
            found[case].append(Closed(pk, case, place.source, held))
    return found


@dataclass(slots=True)
class Closed:
    """One row with words, opened field by field, as far as somebody looks."""

    id: UUID
    case: UUID
    source: str
    _held: list[tuple[EncryptedTextField, Sealed]]
    _opened: list[str] = field(default_factory=list)

    def holds(self, needle: str) -> bool:
        """Whether a field holds the folded `needle`. What cannot be opened any more holds nothing."""
        return any(needle in text for text in self._texts())

    def _texts(self) -> Iterator[str]:
        yield from self._opened
        while self._held:
            column, value = self._held.pop()
            try:
                self._opened.append(folded(column.open(value, pk=self.id, scope=self.case)))
            except Unreadable:
                continue
            yield self._opened[-1]


@dataclass(frozen=True, slots=True)
class Place:
    """A table that holds words: the sort of its rows, their columns, and by which column they belong to a case."""

    source: str
    rows: QuerySet[Any]
    column: str
    names: tuple[str, ...]
    audience: str = ""

    def of(self, cases: Collection[UUID]) -> QuerySet[Any]:
        return self.rows.filter(**{f"{self.column}__in": cases})


def _places() -> Iterator[Place]:
    """Letters the house writes by itself are not words of anybody and are left out."""
    for kind in all_kinds():
        if kind.searched:
            yield Place(Source.CASE, kind.model.objects.all(), "pk", kind.searched, "consumer")
    yield Place(Source.PARTY, Party.objects.all(), "case_id", ("name", "phone"), "consumer")
    yield Place(Source.MESSAGE, Message.objects.filter(template=""), "case_id", ("subject", "body"))
    yield Place(Source.NOTE, Note.objects.all(), "case_id", ("body",), "staff")
    yield Place(
        Source.DECISION, Decision.objects.all(), "case_id", ("findings", "basis", "reasons", "redress"), "staff"
    )
    yield Place(Source.PAPER, PaperText.objects.filter(outcome__in=PaperText.SEARCHED), "subject", ("text",), "staff")


def _opened(rows: Iterable[Any], place: Place) -> Iterator[Words]:
    for row in rows:
        try:
            fields = {name: text for name in place.names if (text := open_sealed(row, name))}
        except Unreadable:
            continue
        if fields:
            yield Words(row.pk, scope_of(row), place.source, place.audience or row.audience, fields)
