"""What a batch gathers before it writes: the rows of every table, the ledger entries, and the moves of the case rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from cases.clocks.models import Clock, ClockLine
from cases.complaints.models import Complaint
from cases.models import Approval, Case, Decision, Delivery, Document, Event, Message, Note, Party, Source
from cases.scale.tables import Rows
from cases.search.models import Piece
from cases.search.pieces import Words
from jike.files.models import StoredFile
from jike.ledger import NewEntry
from jike.outbox.jobs import Job
from jike.privacy.sealed import place_of, seal
from lending.models import Loan, Person

# In the order in which they are written: a complaint row wants its case row.
MODELS: tuple[type[models.Model], ...] = (
    Person, Loan, Case, Complaint, Party, Source, Clock, ClockLine, Event, Message, Delivery, Note, Decision, Approval, StoredFile,
    Document, Job, Piece,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """The case row jumps to `version`: the database lets it pass only along its events, one move at a time."""

    case: UUID
    rank: int
    version: int
    state: str
    assignee: UUID | None


@dataclass
class Gathered:
    """Everything of one batch. `files` are the bytes of letters: (scope, content), to be on disk before the rows."""

    tables: dict[type[models.Model], Rows] = field(default_factory=lambda: {model: Rows(model) for model in MODELS})
    entries: list[NewEntry] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    files: list[tuple[UUID, bytes]] = field(default_factory=list)

    def add(self, model: type[models.Model], **values: Any) -> None:
        self.tables[model].add(**values)

    def index(self, case: UUID, source: str, pk: UUID, audience: str = "consumer", **words: str) -> None:
        """The tokens of a row's words, while they are still at hand."""
        fields = {name: text for name, text in words.items() if text}
        tokens = Words(pk, case, source, audience, fields).tokens()
        self.add(Piece, id=pk, case_id=case, source=source, audience=audience, tokens=tokens)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals text for columns of rows of one scope."""

    scope: UUID
    cipher: AESGCM

    def __call__(self, model: type[models.Model], column: str, pk: UUID, text: str) -> bytes:
        return seal(self.cipher, text, place_of(model._meta.db_table, column, pk, self.scope)) if text else b""
