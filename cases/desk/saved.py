"""Saved views in the rail: their addresses, how many cases they hold, and how many came since they were last opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse

from cases.desk.listing import Listing
from cases.desk.rails import COUNT_SECONDS
from cases.lists import saving
from cases.lists.models import SavedView
from jike.base.actors import Actor
from jike.privacy import open_sealed, prefetch_keys

MOST_NEW = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One saved view as the rail prints it; `new` is empty when nothing came."""

    pk: UUID
    name: str
    address: str
    icon: str
    count: str
    new: str
    is_own: bool


def views_with_counts(actor: Actor, *, now: datetime) -> list[Shown]:
    """At most fifteen seconds old, like the counts of the rail."""
    key = f"views:{actor.id}:{saving.stamp_of(actor)}"
    found: list[Shown] | None = cache.get(key)
    if found is None:
        views = list(saving.views_for(actor))
        prefetch_keys(view.pk for view in views)
        found = [_shown(view, actor, now) for view in views]
        cache.set(key, found, COUNT_SECONDS)
    return found


def question_of(view: SavedView) -> str:
    told = {"q": open_sealed(view, "query"), "order": view.order, "cols": view.columns, "view": str(view.pk)}
    return urlencode({name: value for name, value in told.items() if value})


def address_of(view: SavedView) -> str:
    return f"{reverse('staff:queue_rail', args=[view.rail])}?{question_of(view)}"


def _shown(view: SavedView, actor: Actor, now: datetime) -> Shown:
    asked = QueryDict(question_of(view))
    listing = Listing(asked, view.rail, actor, now=now)
    is_own = view.user_id == actor.id
    new = listing.came_since(view.seen_at, MOST_NEW) if is_own and view.seen_at else 0
    icon = "people" if view.unit_id else "bookmark"
    return Shown(
        view.pk, open_sealed(view, "name"), address_of(view), icon, listing.count(), str(new) if new else "", is_own
    )


def opened(actor: Actor, view: str, *, now: datetime) -> Callable[[], object] | None:
    """How to note that one's own view was opened; None for an address that names none."""
    try:
        return partial(saving.note_seen, actor, UUID(view), now=now)
    except ValueError:
        return None
