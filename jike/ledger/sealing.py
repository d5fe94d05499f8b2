"""Giving entries their place in the tree, in batches, away from the transactions that write them.

The database puts every new entry on a waiting list in its own transaction, so an entry that commits late is taken by the next
batch: nothing is looked for behind a mark that it could have slipped past. One sealer works at a time in the whole installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from jike.base.failpoints import failpoint
from jike.ledger.models import Entry, Head, Keeping, Leaf, Subtree, Unsealed
from jike.ledger.nodes import EVERY, node
from jike.ledger.outside import keep_head, outside
from jike.ledger.signing import current_version, sign
from jike.ledger.tree import Frontier, leaf_hash

BATCH = 5_000
_LOCK = 0x4A696B65_00000002  # "Jike", 2: the sealer
_SEALED = "DELETE FROM ledger_unsealed USING ledger_leaf l WHERE l.entry = ledger_unsealed.entry AND l.position >= %s"


@dataclass(frozen=True, slots=True)
class Sealing:
    """What one call did: entries sealed, heads written outside, and the newest head's size."""

    entries: int
    kept: int
    size: int


def seal(*, now: datetime) -> Sealing:
    """Seal everything that waits, sign a head for each batch, and write the heads outside. Call it outside any transaction.

    Safe at any time and from any number of processes; a crash in between is made good by the next call.
    """
    entries = 0
    while found := seal_batch(now=now):
        entries += found
    kept = keep_outside(now=now)
    return Sealing(entries, kept, tree_size())


def tree_size() -> int:
    """How many entries the newest head covers."""
    return Head.objects.aggregate(newest=Max("size"))["newest"] or 0


@transaction.atomic
def seal_batch(*, now: datetime) -> int:
    """Leaves, full subtrees and a signed head for up to `BATCH` waiting entries; returns how many. Waits for another sealer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    waiting = Entry.objects.filter(pk__in=Unsealed.objects.order_by("entry").values("entry")[:BATCH])
    entries = list(waiting.order_by("subject", "seq", "id"))
    if not entries:
        return 0
    size = tree_size()
    subtrees: list[Subtree] = []

    def completed(level: int, index: int, value: bytes) -> None:
        if level % EVERY == 0:
            subtrees.append(Subtree(level=level, index=index, hash=value))

    edge = Frontier.of(size, node(), completed)
    hashes = [leaf_hash(entry.leaf()) for entry in entries]
    for value in hashes:
        edge.append(value)
    Leaf.objects.bulk_create(
        Leaf(position=position, entry=entry.pk, hash=value)
        for position, (entry, value) in enumerate(zip(entries, hashes, strict=True), size)
    )
    Subtree.objects.bulk_create(subtrees)
    head = Head(size=edge.size, root=edge.root(), at=now, key_version=current_version())
    head.signature = sign(head.body())
    head.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(_SEALED, [size])
    failpoint("ledger.sealing")
    return len(entries)


def keep_outside(*, now: datetime) -> int:
    """Write the heads outside that are not there yet, oldest first; returns how many."""
    where, kept = outside(), 0
    if where is None:
        return 0
    for head in Head.objects.filter(keeping=None).order_by("size"):
        first = Head.objects.filter(size__lt=head.size).aggregate(before=Max("size"))["before"] or 0
        keep_head(where, head, first)
        failpoint("ledger.kept")
        Keeping.objects.bulk_create([Keeping(head=head, at=now)], ignore_conflicts=True)
        kept += 1
    return kept
