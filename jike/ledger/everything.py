"""The whole search for tampering: chains, tree, heads outside, stamps, sealed columns, files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from jike.files.store import verify_files
from jike.ledger.breaches import Breach
from jike.ledger.tree_verification import verify_tree
from jike.ledger.verification import verify
from jike.privacy.verification import unreadable_values

_HARMLESS = frozenset({"orphan"})  # bytes left by a crash; `verify_evidence` lists them


def verify_everything(*, now: datetime, contents: bool = True) -> Iterator[Breach]:
    """Every damage there is, row by row. `contents=False` leaves out reading sealed columns and files, the longest part."""
    yield from verify()
    yield from verify_tree(now=now)
    if contents:
        for table, pk, column in unreadable_values():
            yield Breach("sealed_differs", row=f"{table} {pk}", detail=f"column {column}")
        for trouble in verify_files(now=now):
            if trouble.kind not in _HARMLESS:
                yield Breach(f"file_{trouble.kind}", row=f"files_storedfile {trouble.file}")
