"""Comparing the tree with the entries, with its signed heads, and with what lies outside the database.

Order matters, because writers and the sealer go on meanwhile: what is read first must be contained in what is read after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from jike.files.places import Place
from jike.ledger.breaches import Breach
from jike.ledger.models import Entry, Head, Keeping, Leaf, Stamp, Subtree
from jike.ledger.nodes import EVERY
from jike.ledger.outside import KeptHead, kept_heads, kept_stamps, outside
from jike.ledger.sealing import tree_size
from jike.ledger.signing import is_signed
from jike.ledger.stamps import BadStamp, moment_of
from jike.ledger.tree import Frontier, leaf_hash

BATCH = 2_000
LONGEST_UNKEPT = timedelta(minutes=15)

# One statement each: what it sees is one moment, and an entry goes from waiting to sealed in one moment.
_NEVER_SEALED = """
SELECT e.id, e.subject, e.seq FROM ledger_entry e
 WHERE NOT EXISTS (SELECT 1 FROM ledger_leaf l WHERE l.entry = e.id)
   AND NOT EXISTS (SELECT 1 FROM ledger_unsealed u WHERE u.entry = e.id)
"""
_WAITS_FOR_NOTHING = (
    "SELECT u.entry FROM ledger_unsealed u LEFT JOIN ledger_entry e ON e.id = u.entry WHERE e.id IS NULL"
)
_UNSIGNED = "SELECT entry, position FROM ledger_leaf WHERE position >= (SELECT coalesce(max(size), 0) FROM ledger_head)"


def verify_tree(*, now: datetime) -> Iterator[Breach]:
    """Every damage in the tree, its heads and stamps, inside and outside. Reads only; memory stays flat."""
    for entry, subject, seq in _rows(_NEVER_SEALED):
        yield Breach("never_sealed", subject, seq, entry)
    for (entry,) in _rows(_WAITS_FOR_NOTHING):
        yield Breach("entry_missing", entry=entry, detail="waiting to be sealed")
    for entry, position in _rows(_UNSIGNED):
        yield Breach("leaf_unsigned", entry=entry, row=_leaf(position))
    yield from _verify_inside()
    where = outside()
    if where is not None:
        yield from _verify_outside(where, now)
    yield from _verify_stamps(where)


def _rows(statement: str) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _verify_inside() -> Iterator[Breach]:
    """Leaves against entries, subtrees and heads against leaves, in one pass from the first leaf to the newest head."""
    size = tree_size()
    full: list[tuple[int, int, bytes]] = []
    edge = Frontier(lambda level, index, value: full.append((level, index, value)) if level % EVERY == 0 else None)
    heads = Head.objects.filter(size__lte=size).order_by("size").iterator(chunk_size=BATCH)
    head, is_whole = next(heads, None), True
    for start in range(0, size, BATCH):
        end = min(start + BATCH, size)
        leaves = {leaf.position: leaf for leaf in Leaf.objects.filter(position__gte=start, position__lt=end)}
        yield from _verify_leaves(leaves, start, end)
        for position in range(start, end):
            leaf = leaves.get(position)
            edge.append(bytes(leaf.hash) if leaf else bytes(32))
            if head is not None and head.size == edge.size:
                found = list(_verify_head(head, edge.root() if is_whole else None))
                is_whole = is_whole and not any(breach.kind == "head_differs" for breach in found)
                yield from found
                head = next(heads, None)
        yield from _verify_subtrees(full)
        full.clear()


def _verify_leaves(leaves: dict[int, Leaf], start: int, end: int) -> Iterator[Breach]:
    entries = Entry.objects.in_bulk([leaf.entry for leaf in leaves.values()])
    for position in range(start, end):
        leaf = leaves.get(position)
        entry = entries.get(leaf.entry) if leaf else None
        if leaf is None:
            yield Breach("leaf_missing", row=_leaf(position))
        elif entry is None:
            yield Breach("entry_missing", entry=leaf.entry, row=_leaf(position))
        elif leaf_hash(entry.leaf()) != bytes(leaf.hash):
            yield Breach(
                "leaf_differs",
                entry.subject,
                entry.seq,
                entry.pk,
                entry.source,
                entry.source_id,
                row=_leaf(position),
            )


def _verify_head(head: Head, root: bytes | None) -> Iterator[Breach]:
    """`root` is None after an earlier head differed: every later one does."""
    yield from _verify_signature(head.body(), bytes(head.signature), head.key_version, "head_forged", _head(head.size))
    if root is not None and root != bytes(head.root):
        yield Breach("head_differs", row=_head(head.size), detail="a leaf before it, or the head itself, was changed")


def _verify_signature(body: bytes, signature: bytes, version: int, kind: str, row: str) -> Iterator[Breach]:
    try:
        if not is_signed(body, signature, version):
            yield Breach(kind, row=row)
    except KeyError:
        yield Breach("key_unknown", row=row, detail=f"LEDGER_SIGNING_KEY has no version {version}")


def _verify_subtrees(full: list[tuple[int, int, bytes]]) -> Iterator[Breach]:
    for level in sorted({level for level, _index, _value in full}):
        wanted = {index: value for at, index, value in full if at == level}
        rows = Subtree.objects.filter(level=level, index__in=wanted).values_list("index", "hash")
        found = {index: bytes(value) for index, value in rows}
        for index, value in wanted.items():
            if index not in found:
                yield Breach("subtree_missing", row=f"ledger_subtree {level}/{index}")
            elif found[index] != value:
                yield Breach("subtree_differs", row=f"ledger_subtree {level}/{index}")


def _verify_outside(where: Place, now: datetime) -> Iterator[Breach]:
    """Heads that were kept must be there; what is there must be inside. A head is committed before it is written outside."""
    kept = Keeping.objects.order_by("head").values_list("head", flat=True).iterator(chunk_size=BATCH)
    wanted = next(kept, None)
    for found in kept_heads(where):
        if isinstance(found, str):
            yield Breach("kept_unreadable", row=found)
            continue
        while wanted is not None and wanted < found.size:
            yield Breach("kept_missing", row=_head(wanted))
            wanted = next(kept, None)
        if wanted == found.size:
            wanted = next(kept, None)
        yield from _verify_kept(found)
    while wanted is not None:
        yield Breach("kept_missing", row=_head(wanted))
        wanted = next(kept, None)
    for size in Head.objects.filter(keeping=None, at__lt=now - LONGEST_UNKEPT).values_list("size", flat=True):
        yield Breach("not_kept", row=_head(size))


def _verify_kept(found: KeptHead) -> Iterator[Breach]:
    forged = list(_verify_signature(found.body, found.signature, found.key_version, "kept_forged", found.address))
    if forged:
        yield from forged
        return
    head = Head.objects.filter(size=found.size).first()
    if head is None:
        yield Breach("head_missing", row=_head(found.size), detail=found.address)
    elif head.body() != found.body or bytes(head.signature) != found.signature:
        yield Breach("head_differs", row=_head(found.size), detail=f"outside lies another: {found.address}")
    yield from _verify_kept_leaves(found)


def _verify_kept_leaves(found: KeptHead) -> Iterator[Breach]:
    """The only witness against somebody who has every key: which entry was sealed at which place."""
    rows = Leaf.objects.filter(position__gte=found.first, position__lt=found.size)
    inside = {
        position: (entry, bytes(value)) for position, entry, value in rows.values_list("position", "entry", "hash")
    }
    for position, (entry, value) in enumerate(found.leaves, found.first):
        if position not in inside:
            yield Breach("rolled_back", entry=entry, row=_leaf(position), detail=found.address)
        elif inside[position] != (entry, value):
            yield Breach(
                "leaf_differs", entry=entry, row=_leaf(position), detail=f"outside lies another: {found.address}"
            )
    if found.first + len(found.leaves) != found.size:
        yield Breach("kept_unreadable", row=found.address)


def _verify_stamps(where: Place | None) -> Iterator[Breach]:
    """Every stamp is genuine and over its head. A stamp is written outside after it is committed."""
    lies_outside = dict(kept_stamps(where)) if where is not None else {}
    for stamp in Stamp.objects.select_related("head").order_by("head").iterator(chunk_size=200):
        address = lies_outside.pop(stamp.pk, "")
        try:
            if moment_of(bytes(stamp.token), stamp.head.body()) != stamp.at:
                yield Breach("stamp_wrong", row=_stamp(stamp.pk), detail="another moment")
            elif where is not None and address and where.get(address) != bytes(stamp.token):
                yield Breach("stamp_wrong", row=_stamp(stamp.pk), detail=f"outside lies another: {address}")
        except BadStamp as error:
            yield Breach("stamp_wrong", row=_stamp(stamp.pk), detail=str(error))
    for size, address in lies_outside.items():
        yield Breach("stamp_missing", row=_stamp(size), detail=address)


def _leaf(position: int) -> str:
    return f"ledger_leaf {position}"


def _head(size: int) -> str:
    return f"ledger_head {size}"


def _stamp(size: int) -> str:
    return f"ledger_stamp {size}"
