"""Heads outside the database: one write-once file per head, with the ids and hashes of the leaves it added.

`HEADS_URL` names the place, a folder or a bucket like `FILES_URL`; best one that the people with rights in the database cannot
write to. Whoever rewrites the database, even with every key, cannot make it agree with what lies here. Empty: nothing is kept.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from jike.files.places import Place, place_of
from jike.ledger.models import Head, Leaf, Stamp
from jike.ledger.signing import public_key
from jike.ledger.tree import Unproven, read_head

HEADS, STAMPS = "heads", "stamps"
FOLDER_OF = 1_000_000  # leaves per folder, so that none grows without end


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head as it lies outside. `leaves` are (entry, hash) from position `first` on; the signature is not judged yet."""

    address: str
    body: bytes
    signature: bytes
    key_version: int
    size: int
    root: bytes
    first: int
    leaves: list[tuple[UUID, bytes]]


def outside() -> Place | None:
    return place_of(settings.HEADS_URL) if settings.HEADS_URL else None


def keep_head(where: Place, head: Head, first: int) -> None:
    """Write one head with its leaves from position `first` on. Again is harmless: what is there stays."""
    leaves = Leaf.objects.filter(position__gte=first, position__lt=head.size).order_by("position")
    content = {
        "body": base64.b64encode(head.body()).decode(),
        "signature": base64.b64encode(bytes(head.signature)).decode(),
        "key": head.key_version,
        "public_key": base64.b64encode(public_key(head.key_version)).decode(),
        "first": first,
        "leaves": [[str(entry), bytes(value).hex()] for entry, value in leaves.values_list("entry", "hash")],
    }
    where.add(_address(HEADS, head.size, bytes(head.root), "json"), json.dumps(content).encode())


def keep_stamp(where: Place, stamp: Stamp) -> None:
    where.add(_address(STAMPS, stamp.pk, bytes(stamp.head.root), "tsr"), bytes(stamp.token))


def kept_heads(where: Place) -> Iterator[KeptHead | str]:
    """Every head that lies outside, smallest first; the address alone of a file that cannot be read as one."""
    for address, _at in where.listing(f"{HEADS}/"):
        try:
            yield _read(address, json.loads(where.get(address)))
        except (ValueError, TypeError, KeyError, AttributeError, Unproven):
            yield address


def kept_stamps(where: Place) -> Iterator[tuple[int, str]]:
    """(size, address) of every stamp that lies outside."""
    for address, _at in where.listing(f"{STAMPS}/"):
        size = address.rsplit("/", 1)[-1].split("-")[0]
        if size.isdigit():
            yield int(size), address


def _read(address: str, content: dict[str, Any]) -> KeptHead:
    body = base64.b64decode(content["body"], validate=True)
    size, root, _moment = read_head(body)
    return KeptHead(
        address=address,
        body=body,
        signature=base64.b64decode(content["signature"], validate=True),
        key_version=int(content["key"]),
        size=size,
        root=root,
        first=int(content["first"]),
        leaves=[(UUID(entry), bytes.fromhex(value)) for entry, value in content["leaves"]],
    )


def _address(kind: str, size: int, root: bytes, ending: str) -> str:
    """Two heads of one size, after a restore, have two names: neither is lost."""
    return f"{kind}/{size // FOLDER_OF:06d}/{size:012d}-{root.hex()[:16]}.{ending}"
