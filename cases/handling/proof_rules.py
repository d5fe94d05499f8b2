"""Proof that the consumer was told of something: what a person who records it must give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Delivery
from cases.rules import missing
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

BY_HAND = (Delivery.Manner.POST, Delivery.Manner.HANDED, Delivery.Manner.CALL)
ART = "O2020-3 art 21"


def blockers_to_prove(
    actor: Actor, *, now: datetime, since: datetime | None, proof: Any, manner: Any, evidence: Any, sent_at: Any
) -> list[Blocker]:
    """A machine gives the delivery a channel accepted; a person says how, when and with what proof. Source: O2020-3 art 21."""
    if not actor.is_staff:
        return [Blocker("notice.no_proof", _("There is no proof of sending."), ART)] if proof is None else []
    found = without_proof_by_hand(manner, evidence)
    if sent_at is None or (sent_at and (sent_at > now or (since is not None and sent_at < since))):
        found.append(
            Blocker("sent_at.impossible", _("The time of sending lies between the decision and now."), ART, "sent_at")
        )
    return found


def without_proof_by_hand(manner: Any, evidence: Any) -> list[Blocker]:
    """How it was sent, and what proves it."""
    found = []
    if manner is not UNASKED and manner not in BY_HAND:
        message = _("Choose how the letter was sent: by post, handed over, or told by telephone.")
        found.append(Blocker("manner.unknown", message, ART, "manner"))
    what = _("Give the proof: the postal number, the receipt, or the call record.")
    return found + missing(evidence, "evidence", what, ART)
