"""The words of cases, read where they are kept: one entry for each row that holds some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cases.attachments.models import PaperText
from cases.kinds import all_kinds
from cases.models import Decision, Message, Note, Party
from cases.search.models import Piece
from cases.search.text import folded, keyed, tokens_of
from jike.privacy import Unreadable, open_sealed, prefetch_keys
from jike.privacy.fields import scope_of

Source = Piece.Source
TAIL = 4


@dataclass(frozen=True, slots=True)
class Words:
    """The clear words of one row, by field. Never stored: they are hashed, or looked at once more before a hit is shown."""

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

    def holds(self, needle: str, *, only: str = "") -> str:
        """The field whose words hold the folded `needle`; the empty string when none does."""
        for name, text in self.fields.items():
            if name != "phone" and (not only or name == only) and needle in folded(text):
                return name
        return ""


def words_of(
    cases: Collection[UUID], *, but: Collection[UUID] = (), only: Mapping[str, Collection[UUID]] | None = None
) -> Iterator[Words]:
    """Every row with words of these cases, but those whose id is in `but`. What cannot be opened any more is left out.

    Letters the house writes by itself are not words of anybody and are left out too. `only` names the rows to open, by the sort
    of row; a sort it does not name is opened whole.
    """
    prefetch_keys(cases)
    only = only or {}

    def wanted(rows: QuerySet[Any], source: str) -> QuerySet[Any]:
        return rows.filter(pk__in=only[source]) if source in only else rows.exclude(pk__in=but)

    for kind in all_kinds():
        if kind.searched:
            rows = wanted(kind.model.objects.filter(pk__in=cases), Source.CASE)
            yield from _opened(rows, Source.CASE, kind.searched, audience="consumer")
    parties = wanted(Party.objects.filter(case_id__in=cases), Source.PARTY)
    yield from _opened(parties, Source.PARTY, ("name", "phone"), audience="consumer")
    messages = wanted(Message.objects.filter(case_id__in=cases, template=""), Source.MESSAGE)
    yield from _opened(messages, Source.MESSAGE, ("subject", "body"))
    notes = wanted(Note.objects.filter(case_id__in=cases), Source.NOTE)
    yield from _opened(notes, Source.NOTE, ("body",), audience="staff")
    decisions = wanted(Decision.objects.filter(case_id__in=cases), Source.DECISION)
    yield from _opened(decisions, Source.DECISION, ("findings", "basis", "reasons", "redress"), audience="staff")
    papers = wanted(PaperText.objects.filter(subject__in=cases, outcome__in=PaperText.SEARCHED), Source.PAPER)
    yield from _opened(papers, Source.PAPER, ("text",), audience="staff")


def words_by_case(cases: Collection[UUID], *, only: Mapping[str, Collection[UUID]]) -> dict[UUID, list[Words]]:
    """The words of each case; `only` as in `words_of`."""
    found: dict[UUID, list[Words]] = defaultdict(list)
    for words in words_of(cases, only=only):
        found[words.case].append(words)
    return found


def _opened(rows: Iterable[Any], source: str, names: tuple[str, ...], *, audience: str = "") -> Iterator[Words]:
    for row in rows:
        try:
            fields = {name: text for name in names if (text := open_sealed(row, name))}
        except Unreadable:
            continue
        if fields:
            yield Words(row.pk, scope_of(row), source, audience or row.audience, fields)
