"""Custody of originals: who had one in hands. Every row is sealed in the transaction that writes it, before the bytes leave."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.attachments.models import Attachment
from cases.evidence.models import Custody
from jike import ledger
from jike.accounts.models import User
from jike.accounts.roles import consumer_actor, merchant_actor
from jike.base.actors import Actor

Act = Custody.Act
TOPIC = "evidence."


def begin(paper: Attachment, *, now: datetime) -> None:
    """The first row of a paper of a case: collected when, by whom and how, as its receipt says. Nothing where it is there already.

    Within the caller's transaction.
    """
    Attachment.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if Custody.objects.filter(attachment=paper).exists():
        return
    by = Actor(kind=paper.added_by_kind, label=_label_of(paper), id=paper.added_by_id)  # type: ignore[arg-type]
    _write(paper, 1, Act.COLLECTED, actor=by, reason="", at=paper.created_at, now=now)


@transaction.atomic
def record(paper: Attachment, act: Act, *, actor: Actor, reason: str, now: datetime) -> Custody:
    """Write who had the original, after its collection if nothing was written of it yet. `reason` is kept sealed."""
    begin(paper, now=now)
    seq = Custody.objects.filter(attachment=paper).count() + 1
    return _write(paper, seq, act, actor=actor, reason=reason.strip(), at=now, now=now)


def _write(paper: Attachment, seq: int, act: Act, *, actor: Actor, reason: str, at: datetime, now: datetime) -> Custody:
    row = Custody(
        attachment=paper,
        case_id=paper.subject,
        seq=seq,
        act=act,
        reason=reason,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label[:60],
        at=at,
    )
    row.save(force_insert=True)
    facts = row.facts()
    ledger.append(paper.pk, TOPIC + act.value, source=Custody.LEDGER_SOURCE, source_id=row.pk, facts=facts, now=now)
    return row


def _label_of(paper: Attachment) -> str:
    if paper.added_by_kind in ("consumer", "merchant"):
        return consumer_actor(None).label if paper.added_by_kind == "consumer" else merchant_actor(paper.pk).label
    known = User.objects.filter(pk=paper.added_by_id).values_list("display_name", flat=True).first()
    return known or paper.added_by_kind


def custody_of(paper_id: UUID) -> list[Custody]:
    """Every row of a paper that a door gave out, in the order it was written."""
    return list(Custody.objects.filter(attachment_id=paper_id).order_by("seq"))
