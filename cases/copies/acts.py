"""Saying what is covered for whom. Bodies of verbs: the case is locked, the rules have been asked; a kind registers them under its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cases.copies.models import Covering
from cases.copies.paging import made
from cases.evidence.models import Item
from cases.models import Case
from jike.base import rows
from jike.base.actors import Actor
from jike.files.covers import Area
from jike.outbox import jobs

COPY_TOPIC = "copies.make_copy"


def redact(case: Case, *, actor: Actor, now: datetime, item: Item, audience: str, areas: Sequence[Area]) -> None:
    """Cover these areas for an audience; the copy is made by a worker. What was covered before stays as an earlier version."""
    covering = _decided(case, item, audience, areas, actor=actor, now=now)
    jobs.post(COPY_TOPIC, key=copy_key(covering), body={"covering": str(covering.pk)}, now=now, subject=case.pk)


def release(case: Case, *, actor: Actor, now: datetime, item: Item, audience: str) -> None:
    """Find that nothing of a paper is to be covered for an audience: it gets the pages as they are."""
    _decided(case, item, audience, (), actor=actor, now=now)


def copy_key(covering: Covering) -> str:
    return f"{COPY_TOPIC}:{covering.pk}"


def _decided(case: Case, item: Item, audience: str, areas: Sequence[Area], *, actor: Actor, now: datetime) -> Covering:
    pages = made(item.attachment)
    assert pages is not None and actor.id is not None
    covering = Covering(
        item=item,
        case_id=case.pk,
        audience=audience,
        version=Covering.objects.filter(item=item, audience=audience).count() + 1,
        pages=pages,
        areas=[list(area) for area in areas],
        decided_by=actor.id,
        decided_at=now,
    )
    rows.insert(covering)
    case.tell(paper=str(item.pk), audience=audience, covering=covering.version, areas=len(areas))
    return covering
