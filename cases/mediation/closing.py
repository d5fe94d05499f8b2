"""How a sealed round is over: what was said in it is destroyed with its key, whatever came of it. Called inside verbs."""

from __future__ import annotations

from datetime import datetime

from cases.mediation.models import Mediation, Offer, Round
from cases.mediation.rules.rounds import open_round
from jike.privacy import destroy_key


def end_round(case: Mediation, row: Round, outcome: str, *, now: datetime, offer: Offer | None = None) -> None:
    row.outcome, row.ended_at, row.offer = outcome, now, offer
    row.save(update_fields=["outcome", "ended_at", "offer"])
    destroy_key(row.pk, now=now)
    case.tell(round=str(row.pk), outcome=str(outcome))


def end_open_round(case: Mediation, *, now: datetime) -> None:
    """The talks have come to something else, or to an end: nobody answers the open round any more."""
    if row := open_round(case):
        end_round(case, row, Round.Outcome.LAPSED, now=now)
