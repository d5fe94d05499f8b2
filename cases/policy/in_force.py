"""What policy is in force: read often, changed rarely, so each process keeps it for a minute."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError, connection

from cases.policy.models import PolicyVersion

KEEP_SECONDS = 60.0

_kept: dict[str, tuple[float, tuple[PolicyVersion, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply text in force: what a handler picks in the composer."""

    code: str
    version: str
    title: str
    text: str


def replies(*, on: date) -> list[Reply]:
    """The reply texts in force on `on`, by title."""
    rows = [row for row in newest(PolicyVersion.Subject.REPLY, on=on) if row.content.strip()]
    return sorted((Reply(r.code, str(r.pk), r.title, r.content) for r in rows), key=lambda reply: reply.title)


def newest(subject: str, *, on: date) -> list[PolicyVersion]:
    """The version in force of every code of `subject` on `on`."""
    found: dict[str, PolicyVersion] = {}
    for row in _approved(subject):
        if row.effective_from and row.effective_from <= on:
            found[row.code] = row
    return list(found.values())


def clock_rows() -> tuple[tuple[str, str], ...]:
    """Approved versions of time limits, oldest first, as (code, YAML row): laid over `config/rules/clocks.yaml`.

    Empty while the table does not exist yet, so that migrations can read the rules.
    """
    return tuple((row.code, row.content) for row in _approved(PolicyVersion.Subject.CLOCK))


def forget() -> None:
    """Read everything anew at the next call."""
    _kept.clear()


def _approved(subject: str) -> tuple[PolicyVersion, ...]:
    kept = _kept.get(subject)
    if kept is None or time.monotonic() - kept[0] > KEEP_SECONDS:
        rows = PolicyVersion.objects.filter(subject=subject, state=PolicyVersion.State.APPROVED)
        try:
            found = tuple(rows.order_by("effective_from", "approved_at", "id"))
        except DatabaseError:
            if connection.in_atomic_block:
                raise
            found = ()
        kept = _kept[subject] = (time.monotonic(), found)
    return kept[1]
