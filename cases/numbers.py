"""Case numbers: kind prefix, Shanghai date of registration, one sequence per kind that is never reset (gaps are allowed)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from cases.kinds import kind_named
from jike.base.dates import cst_date
from jike.privacy import blind_index


def sequence_of(kind: str) -> str:
    return f"cases_number_{kind}"


def next_number(kind: str, *, registered_at: datetime) -> str:
    """The next number, like TS20260928-00017. Filing takes no lock for it: a rolled-back filing leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence_of(kind)])
        counter = cursor.fetchone()[0]
    return f"{kind_named(kind).prefix}{cst_date(registered_at):%Y%m%d}-{counter:05d}"


def registration(kind: str, *, receipt_code: str, now: datetime) -> dict[str, Any]:
    """What every new case is registered under: kind, number, time, and the consumer's receipt code with its blind index."""
    return {
        "kind": kind,
        "number": next_number(kind, registered_at=now),
        "registered_at": now,
        "receipt_code": receipt_code,
        "receipt_index": blind_index("receipt", receipt_code),
    }
