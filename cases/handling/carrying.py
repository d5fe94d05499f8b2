"""A case that carries another one on: it reads people, facts and papers there, and nothing of them is copied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from cases import recusals
from cases.models import Case, Link
from cases.numbers import registration
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.privacy import create_keys

CaseT = TypeVar("CaseT", bound=Case)
HEAD = (
    "consumer", "consumer_mask", "loan", "merchant", "salesperson", "funder", "responsible_institution", "unit", "assignee",
    "business_code", "cause_code", "source_channel",
)  # fmt: skip
"""What stands at the head of both, so that lists and rules find it on either."""


def opened_from(matter: Case, model: type[CaseT], kind: str, /, *, now: datetime, **own: Any) -> CaseT:
    """A new case of `kind` about `matter`; `own` are its fields, and whatever of the head differs.

    It has no receipt of its own: the consumer follows it under the one of the case it came from.
    """
    fields = registration(kind, receipt_code="", now=now) | {"receipt_index": None, "received_at": now}
    return model.opened(**({name: getattr(matter, name) for name in HEAD} | fields | own))


def carry_on(
    origin: Case,
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    recused_in: Iterable[Case] = (),
) -> None:
    """Link the two, and keep from `case` whoever is kept from `origin` and from the cases of `recused_in`. Called inside an opener."""
    create_keys([case.pk])
    by = actor.user if actor.is_staff else None
    Link.objects.create(
        id=uuid7(), case_id=origin.pk, other_id=case.pk, kind=Link.Kind.ESCALATED_TO, created_by_id=by, created_at=now
    )
    for source in recused_in or (origin,):
        recusals.carry(source, case, actor=actor, now=now)
    recusals.recuse_by_relations(case, actor=actor, now=now, parties=case.known_parties)
