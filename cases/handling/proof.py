"""Proof of telling that a person records."""

from __future__ import annotations

from datetime import datetime

from cases.messages import letters_without_post
from cases.models import Case, Delivery
from jike.base.actors import Actor
from jike.base.ids import uuid7


def proof_by_hand(
    case: Case, actor: Actor, *, manner: str, evidence: str, sent_at: datetime, now: datetime, purpose: str = ""
) -> Delivery:
    """Something posted, handed over or told by telephone, with what proves it; what was posted is the letter of `purpose`.

    Source: O2020-3 art 21.
    """
    posted = None
    if manner == Delivery.Manner.POST:
        posted = next((letter for letter in letters_without_post(case) if letter.purpose == purpose), None)
    return Delivery.objects.create(
        id=uuid7(),
        case_id=case.pk,
        message=posted,
        manner=manner,
        sent_at=sent_at,
        evidence=evidence,
        recorded_by_id=actor.user,
        created_at=now,
    )
