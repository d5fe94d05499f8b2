"""The talks as whoever mediates sees them: consumer, terms, merchant, each with what it said in confidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.desk.page import head_context
from cases.kinds import kind_named
from cases.mediation.models import Mediation, Offer
from cases.mediation.states import Side
from cases.mediation.talks import pages, shown
from cases.models import Message
from cases.queries import messages_of
from jike.base.actors import Actor
from jike.privacy import open_sealed
from jike.verbs import verb_named


def talks_context(case: Mediation, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything the page prints. The caller knows that the actor sees the whole case."""
    written = [message for message in messages_of(case) if message.is_incoming]
    return {
        **head_context(case, kind_named(case.kind), now=now),
        **shown.talks_of(case, actor, now=now),
        "sees_all": True,
        "panes": {side.value: _pane(case, side, written, actor) for side in Side},
        "facts": pages.facts_of(case),
        "allegation": open_sealed(case, "allegation") if case.allegation else "",
        "may_offer": not verb_named("mediation.offer").why_not(case, actor, now=now),
        "may_answer": not verb_named("mediation.answer_offer").why_not(case, actor, now=now),
    }


def _pane(case: Mediation, side: Side, written: list[Message], actor: Actor) -> dict[str, Any]:
    """One side: its last word, where it was said if staff wrote it down, and what it wrote to the mediator alone."""
    last = shown.last_of(case.known_offers, side.value)
    confided = [
        {"text": open_sealed(message, "body"), "at": message.created_at}
        for message in written
        if message.audience == side.value
    ]
    return {
        "side": side,
        "last": shown.told(last, actor) if last else None,
        "said_where": _said_where(last),
        "confided": confided,
        "is_their_turn": case.standing_offer is not None and case.standing_offer.side != side.value,
    }


def _said_where(offer: Offer | None) -> str:
    return open_sealed(offer, "evidence") if offer and offer.evidence else ""
