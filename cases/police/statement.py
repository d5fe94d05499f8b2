"""What a statement says, in one canonical form: its hash is what the consumer confirms."""

from __future__ import annotations

import hashlib

from cases.police.models import PoliceReport
from jike import ledger

FORM = "jike police statement 1"


def sha256_of(case: PoliceReport, *, version: int, facts: str, suspects: str) -> bytes:
    said = {"form": FORM, "case": case.number, "version": version, "facts": facts, "suspects": suspects}
    return hashlib.sha256(ledger.canonical(said)).digest()
