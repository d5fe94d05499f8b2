"""Saved views: one's own and those of the unit."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cases.lists.models import SavedView
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7

MOST = 30


def views_for(actor: Actor) -> QuerySet[SavedView]:
    """One's own views and those colleagues share with the unit, own ones first."""
    shared = Q(unit_id=actor.unit) if actor.unit else Q(pk__in=[])
    return SavedView.objects.filter(Q(user_id=actor.user) | shared).order_by("unit_id", "made_at")[:MOST]


def save_view(
    actor: Actor, *, name: str, rail: str, query: str, order: str, columns: str, shared: bool, now: datetime
) -> SavedView:
    """Keep a list under a name."""
    refuse_if(
        [Blocker("name.missing", _("Give the view a name."), field="name")] if not name.strip() else [],
        verb="lists.save_view",
    )
    return SavedView.objects.create(
        id=uuid7(), user_id=actor.user, unit_id=actor.unit if shared else None, name=name.strip()[:40], rail=rail[:20], query=query[:300],
        order=order if order in ("due", "new") else "due", columns=columns[:200], made_at=now, seen_at=now,
    )  # fmt: skip


def forget_view(actor: Actor, pk: UUID) -> None:
    """Take away a view of one's own."""
    if not SavedView.objects.filter(pk=pk, user_id=actor.user).delete()[0]:
        raise Http404(str(pk))


def note_seen(actor: Actor, pk: UUID, *, now: datetime) -> None:
    SavedView.objects.filter(pk=pk, user_id=actor.user).update(seen_at=now)


def stamp_of(actor: Actor) -> str:
    """Changes when a view this person sees was saved, taken away or opened."""
    rows = views_for(actor).values_list("pk", "seen_at")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]
