"""Keeping the order of a list for whoever works through it. Not a fact of any case, and forgotten after some hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cases.lists.models import FrozenList

KEPT = timedelta(hours=8)


def frozen(user: UUID, key: bytes, *, now: datetime) -> list[UUID]:
    """The order kept for this list, or nothing."""
    row = FrozenList.objects.filter(user_id=user, key=key, at__gt=now - KEPT).first()
    return row.cases if row else []


def freeze(user: UUID, key: bytes, cases: Sequence[UUID], *, now: datetime) -> None:
    """Keep this order; what this person opened hours ago is forgotten on the way."""
    FrozenList.objects.filter(user_id=user, at__lt=now - KEPT).delete()
    FrozenList.objects.update_or_create(user_id=user, key=key, defaults={"cases": list(cases), "at": now})
