"""What a statement says, in one canonical form: its hash is what the consumer confirms."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jike import ledger
from jike.privacy import Unreadable, open_sealed

if TYPE_CHECKING:
    from cases.police.models import PoliceReport
    from cases.police.records import Statement

FORM = "jike police statement 2"


def sha256_of(case: PoliceReport, *, version: int, facts: str, suspects: str) -> bytes:
    """Of the words and of the losses that stand in the table now: the consumer reads and confirms both on one page."""
    losses = [
        [row.occurred_on.isoformat(), f"{row.amount_cny:.2f}", open_sealed(row, "payee")] for row in case.known_losses
    ]
    said = {
        "form": FORM,
        "case": case.number,
        "version": version,
        "facts": facts,
        "suspects": suspects,
        "losses": losses,
    }
    return hashlib.sha256(ledger.canonical(said)).digest()


def still_says(case: PoliceReport, row: Statement) -> bool:
    """Whether the version was drafted for the losses as they are now. Where its words were erased nothing can change any more."""
    try:
        words = {name: open_sealed(row, name) for name in ("facts", "suspects")}
        return bytes(row.sha256) == sha256_of(case, version=row.version, **words)
    except Unreadable:
        return True
