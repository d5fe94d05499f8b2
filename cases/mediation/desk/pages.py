"""The talks as whoever mediates sees them: consumer, terms, merchant, each with what it said in confidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.desk.page import head_context
from cases.kinds import kind_named
from cases.mediation.models import Mediation, Offer
from cases.mediation.states import Side
from cases.mediation.talks import files, pages, shown
from jike.base.actors import Actor
from jike.privacy import open_sealed
from jike.verbs import verb_named


def talks_context(case: Mediation, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything the page prints. The caller knows that the actor sees the whole case."""
    return {
        **head_context(case, kind_named(case.kind), now=now),
        **shown.talks_of(case, actor, now=now),
        "sees_all": True,
        "panes": {side.value: _pane(case, side, actor) for side in Side},
        "facts": pages.facts_of(case),
        "releases": pages.releases_of(case, actor),
        "handed": files.handed_in(case),
        "allegation": open_sealed(case, "allegation") if case.allegation else "",
        "may_offer": not verb_named("mediation.offer").why_not(case, actor, now=now),
        "round": pages.round_of(case),
        "rounds": list(case.rounds.exclude(outcome="").order_by("-seq")),
        "may_propose": not verb_named("mediation.open_round").why_not(case, actor, now=now),
        "may_write": not verb_named("mediation.write").why_not(case, actor, now=now),
        "may_answer": not verb_named("mediation.answer_offer").why_not(case, actor, now=now),
    }


def _pane(case: Mediation, side: Side, actor: Actor) -> dict[str, Any]:
    """One side: its last word, where it was said if staff wrote it down, and what it and the mediator wrote to each other alone."""
    last = shown.last_of(case.known_offers, side.value)
    return {
        "side": side,
        "last": shown.told(last, actor) if last else None,
        "said_where": _said_where(last),
        "confided": pages.confided(case, side.value),
        "is_their_turn": case.standing_offer is not None and case.standing_offer.side != side.value,
    }


def _said_where(offer: Offer | None) -> str:
    return open_sealed(offer, "evidence") if offer and offer.evidence else ""
