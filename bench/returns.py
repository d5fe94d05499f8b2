"""Returns with so many loans on record: kept databases, a copy of each to write in, and the bars."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from bench import bars, product
from bench.places import ROOT, Database, create, drop, remarks, set_remark
from bench.results import Row
from jike.embedded.session import migrations_digest

KEPT = "jike_bench_loans_"


def fingerprint() -> str:
    """Changes with the tables, the keys and how the loans are made."""
    digest = hashlib.sha256((migrations_digest() + product.fingerprint()).encode())
    return hashlib.sha256(digest.digest() + (ROOT / "bench" / "loans.py").read_bytes()).hexdigest()[:16]


def loaded(server: Database, sizes: Sequence[int], *, fresh: bool = False) -> dict[int, str]:
    """The kept databases by their number of loans; a new one begins as a copy of the largest kept one below it."""
    wanted, known = fingerprint(), remarks(server, KEPT)
    if fresh or any(remark != wanted for remark in known.values()):
        for name in known:
            drop(server, name)
        known = {}
    kept = {int(name.removeprefix(KEPT)): name for name in known}
    for size in sizes:
        if size not in kept:
            before = kept.get(max((smaller for smaller in kept if smaller < size), default=0))
            database = create(server, f"{KEPT}{size}", template=before)
            if before is None:
                product.manage(database, "migrate", "--noinput", "-v", "0")
            product.ask(database, "bench.loans", str(size))
            set_remark(server, database.name, wanted)
            kept[size] = database.name
    return {size: kept[size] for size in sizes}


def measured(
    server: Database, sizes: Sequence[int], *, fresh: bool = False, quick: bool = False
) -> tuple[list[Row], dict[str, Any]]:
    """Every size in turn, in a copy that is dropped afterwards."""
    kept, told = loaded(server, sizes, fresh=fresh), {}
    for size in sizes:
        name = f"jike_bench_work_loans_{size}"
        database = create(server, name, template=kept[size])
        try:
            told[size] = product.ask(database, "bench.returns_probe", *(["--quick"] if quick else []))
        finally:
            drop(server, name)
    return bars.of_returns(told), {str(size): one for size, one in told.items()}
