"""The ledger: append-only entries, one keyed chain per subject, written in the transaction of the fact they seal.

An entry holds ids, codes and hashes, never personal data. Every change, loss, insertion or swap of entries and every edit
of a sealed source row is found by `verify`; the key is not in the database. What a fact means is the domains' business:
they append, and register how to recompute the digests of their rows.
"""

import importlib
from typing import TYPE_CHECKING, Any

from jike.ledger.plain import canonical

if TYPE_CHECKING:
    from jike.ledger.breaches import Breach
    from jike.ledger.chain import COLUMNS, NewEntry, append, append_many, chained, heads_of, next_entry
    from jike.ledger.sources import register_source
    from jike.ledger.verification import verify

_HOME_OF = {
    "COLUMNS": "chain",
    "NewEntry": "chain",
    "append": "chain",
    "append_many": "chain",
    "chained": "chain",
    "heads_of": "chain",
    "next_entry": "chain",
    "register_source": "sources",
    "Breach": "breaches",
    "verify": "verification",
}

__all__ = [
    "COLUMNS",
    "Breach",
    "NewEntry",
    "append",
    "append_many",
    "canonical",
    "chained",
    "heads_of",
    "next_entry",
    "register_source",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import on first use: Django imports this package before models may be imported."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
