"""What issuers of documents offer to the verification page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jike.base.errors import Text
from jike.ledger.proofs import Place


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued: what it is, when, the hash of its exact bytes, and its number with the middle masked.

    `sealed` is the place in the ledger of the entry that holds this hash; None while the entry waits for its seal.
    """

    label: Text
    issued_at: datetime
    sha256: str
    masked_number: str = ""
    sealed: Place | None = None


class Finder(Protocol):
    """An issuer's answer to "is this yours?"."""

    def by_code(self, code: str) -> Issued | None:
        """The document with this code, spelled as stored."""

    def by_hash(self, digest: bytes) -> Issued | None:
        """The document whose bytes have this SHA-256."""


_FINDERS: list[Finder] = []


def register(finder: Finder) -> None:
    _FINDERS.append(finder)


def by_code(code: str) -> Issued | None:
    return next((found for finder in _FINDERS if (found := finder.by_code(code))), None)


def by_hash(digest: bytes) -> Issued | None:
    return next((found for finder in _FINDERS if (found := finder.by_hash(digest))), None)


def masked(number: str) -> str:
    """A number as a stranger may see it: `TS20261122-***17`. Who holds the paper can compare it."""
    head, _hyphen, tail = number.rpartition("-")
    return f"{head}-***{tail[-2:]}" if head else f"***{tail[-2:]}"
