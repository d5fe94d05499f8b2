"""Proofs for people outside: that an entry is under a signed head, and that one head continues another."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from jike.ledger.models import Entry, Head, Leaf, Stamp
from jike.ledger.nodes import node
from jike.ledger.signing import public_key
from jike.ledger.tree import consistency, inclusion

FORM = "jike ledger proof 1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its number in the tree (from 1), the first head that covers it, and the stamp that followed."""

    number: int
    size: int
    signed_at: datetime
    stamped_at: datetime | None
    fingerprint: str


class NotSealed(Exception):
    """The entry is not in the tree, or not yet. `jike.ledger.sealing.seal` seals what waits."""


def place_of(entry: UUID) -> Place | None:
    """Where the entry was sealed; None while it waits."""
    leaf = Leaf.objects.filter(entry=entry).first()
    head = Head.objects.filter(size__gt=leaf.position).order_by("size").first() if leaf else None
    if leaf is None or head is None:
        return None
    stamp = Stamp.objects.filter(head__gte=head.pk).order_by("head").first()
    return Place(leaf.position + 1, head.size, head.at, stamp.at if stamp else None, key_print(head.key_version))


def proof_of(entry: UUID, *, size: int | None = None) -> dict[str, Any]:
    """Everything a stranger needs to check that the entry is under a head; `tree.check_proof` and `tree.main` read it.

    Under the head of `size`, else the newest stamped head that covers it, else the newest. Ids, codes and hashes only.
    Raises `NotSealed`.
    """
    leaf = Leaf.objects.filter(entry=entry).first()
    row = Entry.objects.filter(pk=entry).first()
    head = _head_over(leaf.position, size) if leaf else None
    if leaf is None or row is None or head is None:
        raise NotSealed(str(entry))
    return {
        "form": FORM,
        "entry": str(entry),
        "leaf": row.leaf().decode(),
        "position": leaf.position,
        "path": [step.hex() for step in inclusion(leaf.position, head.size, node())],
        "head": signed_head(head),
    }


def consistency_of(first: Head, second: Head) -> list[bytes]:
    """What shows that the tree under `first` is the beginning of the tree under `second`; empty if they are the same."""
    return consistency(first.size, second.size, node())


def signed_head(head: Head) -> dict[str, Any]:
    """A head with its signature, the key and the time stamp, in base64."""
    stamp = Stamp.objects.filter(head=head).first()
    return {
        "body": _text(head.body()),
        "signature": _text(bytes(head.signature)),
        "key": head.key_version,
        "public_key": _text(public_key(head.key_version)),
        "stamp": _text(bytes(stamp.token)) if stamp else "",
    }


def key_print(version: int) -> str:
    """The SHA-256 of a public key, as people compare it."""
    return hashlib.sha256(public_key(version)).hexdigest()


def _head_over(position: int, size: int | None) -> Head | None:
    heads = Head.objects.filter(size__gt=position)
    if size is not None:
        return heads.filter(size=size).first()
    return heads.exclude(stamp=None).order_by("-size").first() or heads.order_by("-size").first()


def sealed_entries(*, start: int, limit: int) -> list[tuple[Leaf, Entry]]:
    """Up to `limit` sealed entries from position `start` on, in the order of the tree. Entries that are gone are left out."""
    leaves = list(Leaf.objects.filter(position__gte=start).order_by("position")[:limit])
    entries = Entry.objects.in_bulk([leaf.entry for leaf in leaves])
    return [(leaf, entries[leaf.entry]) for leaf in leaves if leaf.entry in entries]


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
