"""Next and previous: the order of the list is kept as it was when the first case was opened from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import QueryDict

from cases.desk.listing import Listing
from cases.lists import keeping
from cases.models import Case
from cases.queries import cases_listed_for, openable_by
from jike.base.actors import Actor
from jike.base.errors import Text

LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the list it was opened from: `7 / 41`, the numbers beside it, and whether it still belongs there."""

    rail: str
    label: Text
    back: str
    at: int
    total: str
    previous: str
    next: str
    origin: str
    has_left: bool


def place_of(
    case: Case, asked: QueryDict, actor: Actor, *, now: datetime
) -> tuple[Place | None, Callable[[], object] | None]:
    """The place, and how to keep the order for the next step: written after the page is made. None without a list."""
    if "in" not in asked:
        return None, None
    listing = Listing(asked, asked["in"], actor, now=now)
    key = hashlib.sha256(f"{listing.rail.code}|{listing.order}|{listing.text}".encode()).digest()
    ids: list[Any] = keeping.frozen(actor.user, key, now=now)
    record = None
    if case.pk not in ids:
        ids = listing.ids(LENGTH)
        if case.pk not in ids:
            return None, None
        record = partial(keeping.freeze, actor.user, key, ids, now=now)
    return _place(case, listing, ids, actor), record


def _place(case: Case, listing: Listing, ids: list[Any], actor: Actor) -> Place:
    at = ids.index(case.pk)
    around = [*ids[max(at - 5, 0) : at], *ids[at + 1 : at + 6]]
    numbers = dict(cases_listed_for(actor).filter(openable_by(actor), pk__in=around).values_list("pk", "number"))
    return Place(
        rail=listing.rail.code,
        label=listing.rail.label,
        back=listing.query,
        at=at + 1,
        total="1,000+" if len(ids) == LENGTH else str(len(ids)),
        previous=next((numbers[pk] for pk in reversed(ids[:at]) if pk in numbers), ""),
        next=next((numbers[pk] for pk in ids[at + 1 :] if pk in numbers), ""),
        origin=listing.origin,
        has_left=not listing.cases.filter(pk=case.pk).exists(),
    )
