"""Proofs for people outside: that an entry is under a signed head, and that one head continues another."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
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
    return proofs_of([entry], size=size)[0]


def proofs_of(entries: Sequence[UUID], *, size: int | None = None) -> list[dict[str, Any]]:
    """The proofs of many, in their order; what they share is read once."""
    leaves = {leaf.entry: leaf for leaf in Leaf.objects.filter(entry__in=entries)}
    rows, heads, read = Entry.objects.in_bulk(entries), _heads(size), node()
    signed = {head.pk: signed_head(head) for head in heads}
    found = []
    for entry in entries:
        leaf, row = leaves.get(entry), rows.get(entry)
        head = next((one for one in heads if leaf and one.size > leaf.position), None)
        if leaf is None or row is None or head is None:
            raise NotSealed(str(entry))
        told = {"form": FORM, "entry": str(entry), "leaf": row.leaf().decode(), "position": leaf.position}
        path = [step.hex() for step in inclusion(leaf.position, head.size, read)]
        found.append(told | {"path": path, "head": signed[head.pk]})
    return found


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


def _heads(size: int | None) -> list[Head]:
    """The heads an entry may be proved under, the preferred one first."""
    if size is not None:
        return list(Head.objects.filter(size=size))
    newest = Head.objects.order_by("-size")
    return [head for head in (newest.exclude(stamp=None).first(), newest.first()) if head]


def sealed_entries(*, start: int, limit: int) -> list[tuple[Leaf, Entry]]:
    """Up to `limit` sealed entries from position `start` on, in the order of the tree. Entries that are gone are left out."""
    leaves = list(Leaf.objects.filter(position__gte=start).order_by("position")[:limit])
    entries = Entry.objects.in_bulk([leaf.entry for leaf in leaves])
    return [(leaf, entries[leaf.entry]) for leaf in leaves if leaf.entry in entries]


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
