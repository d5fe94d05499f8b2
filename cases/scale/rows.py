"""What a batch gathers before it writes: the rows of every table, the ledger entries, and the moves of the case rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from cases.clocks.models import Clock, ClockLine
from cases.complaints.models import Complaint
from cases.models import Approval, Case, Decision, Delivery, Document, Event, Message, Note, Party, Source
from cases.scale.ids import Ids
from cases.scale.tables import Rows
from cases.scale.words import tokens
from cases.search.models import Piece
from jike import ledger
from jike.files.models import StoredFile
from jike.ledger.models import Entry
from jike.outbox.jobs import Job
from jike.privacy.sealed import place_of, seal
from lending.models import Loan, Person

# In the order in which they are written: a complaint row wants its case row.
MODELS: tuple[type[models.Model], ...] = (
    Person, Loan, Case, Complaint, Party, Source, Clock, ClockLine, Event, Message, Delivery, Note, Decision, Approval, StoredFile,
    Document, Job, Piece, Entry,
)  # fmt: skip
# What the database stamps on a row by trigger; written here too, since a big load runs without triggers.
STAMPED = {Event: ("recorded_at", "txid"), Entry: ("txid",)}


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
    """Everything of one batch, written by the transaction `txid` at `now`.

    `moves` are how the case rows reach their state, for a database that lets them in only as filed; without guards they are
    written as they end. `files` are letters to be on disk before the rows: scope, SHA-256, content.
    """

    txid: int
    now: datetime
    is_guarded: bool
    new_id: Ids = field(default_factory=Ids)
    tables: dict[type[models.Model], Rows] = field(
        default_factory=lambda: {model: Rows(model, stamped=STAMPED.get(model, ())) for model in MODELS}
    )
    entries: list[ledger.NewEntry] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    files: list[tuple[UUID, bytes, bytes]] = field(default_factory=list)

    def add(self, model: type[models.Model], **values: Any) -> None:
        self.tables[model].add(values)

    def index(self, case: UUID, source: str, pk: UUID, audience: str = "consumer", **words: str) -> None:
        """The tokens of a row's words, while they are still at hand."""
        self.add(Piece, id=pk, case_id=case, source=source, audience=audience, tokens=tokens(words))

    def write(self) -> int:
        """All rows in the caller's transaction; how many."""
        for values in ledger.chained(self.entries, new_id=self.new_id):
            self.tables[Entry].add(dict(zip(ledger.COLUMNS, values, strict=True), txid=self.txid))
        return sum(rows.write() for rows in self.tables.values())


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals text for columns of rows of one scope."""

    scope: UUID
    cipher: AESGCM

    def __call__(self, model: type[models.Model], column: str, pk: UUID, text: str) -> bytes:
        return seal(self.cipher, text, place_of(model._meta.db_table, column, pk, self.scope)) if text else b""
