"""Reading the hashes of full subtrees from what is stored: leaves, and every eighth level above them."""

from __future__ import annotations

from functools import lru_cache

from jike.ledger.models import Leaf, Subtree
from jike.ledger.tree import Node, node_hash

EVERY = 8
WIDTH = 1 << EVERY


def node() -> Node:
    """A reader for `jike.ledger.tree`. It keeps what it has read, so ask for a new one when the tree has grown."""
    tile = lru_cache(maxsize=64)(_tile)

    def value(level: int, index: int) -> bytes:
        base = level // EVERY
        first, many = index << level % EVERY, 1 << level % EVERY
        found = tile(base, first // WIDTH)[first % WIDTH : first % WIDTH + many]
        if len(found) != many:
            raise LookupError(f"the tree lacks hashes below level {level}, index {index}")
        while len(found) > 1:
            found = [node_hash(found[n], found[n + 1]) for n in range(0, len(found), 2)]
        return found[0]

    return value


def _tile(base: int, number: int) -> list[bytes]:
    """The up to 256 hashes that lie side by side at level `base * 8`."""
    start, end = number * WIDTH, (number + 1) * WIDTH
    if base == 0:
        leaves = Leaf.objects.filter(position__gte=start, position__lt=end).order_by("position")
        return [bytes(value) for value in leaves.values_list("hash", flat=True)]
    trees = Subtree.objects.filter(level=base * EVERY, index__gte=start, index__lt=end).order_by("index")
    return [bytes(value) for value in trees.values_list("hash", flat=True)]
