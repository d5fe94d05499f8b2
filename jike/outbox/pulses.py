"""When something that recurs last happened: sweeps, verifications, backups."""

from __future__ import annotations

from datetime import datetime

from jike.outbox.models import Pulse


def note_pulse(name: str, *, now: datetime) -> None:
    """Keep that `name` happened at `now`; only the newest time is kept."""
    Pulse.objects.bulk_create(
        [Pulse(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def last_pulse(name: str) -> datetime | None:
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()


def note_verified(now: datetime) -> None:
    """The whole ledger was verified clean."""
    note_pulse("ledger.verified", now=now)
