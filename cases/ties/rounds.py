"""Turns of the timers of this app: one at a time in the whole installation, and not with every sweep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import transaction

from cases.ties.models import Round

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Turn:
    """A turn in progress. Whoever leaves work over says so by `again`: the next sweep goes on at once."""

    again = False


@contextmanager
def turn(name: str, *, now: datetime, every: timedelta) -> Iterator[Turn | None]:
    """One transaction with the row of `name` locked; None when it is too early, or somebody else is at it."""
    Round.objects.get_or_create(name=name, defaults={"at": _NEVER})
    with transaction.atomic():
        due = Round.objects.select_for_update(skip_locked=True).filter(name=name, at__lte=now - every).first()
        if due is None:
            yield None
            return
        taken = Turn()
        yield taken
        if not taken.again:
            due.at = now
            due.save(update_fields=["at"])
