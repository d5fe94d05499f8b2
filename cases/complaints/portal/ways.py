"""What the consumer may do on a case beside writing: each way with its address, its verb, and what is said before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.complaints import remedies
from cases.complaints.models import Complaint, Statement
from jike.base.actors import Actor
from jike.verbs import verb_named


@dataclass(frozen=True, slots=True)
class Way:
    """`effect` names the text that says what it brings; `about` is where it stands: beside the decision, among the further help of
    the house, or with what is done to the case itself."""

    address: str
    verb: str
    effect: str = ""
    about: str = "case"


DECISION, HELP = "decision", "help"
WAYS = {
    way.address: way
    for way in (
        Way("accept", "complaints.accept_decision", Statement.Kind.ACCEPTED, DECISION),
        Way("contest", "complaints.contest_decision", Statement.Kind.CONTESTED, DECISION),
        Way("survey", "complaints.answer_survey", about=DECISION),
        Way("review", "complaints.request_review", about=DECISION),
        Way("reopen", "complaints.ask_reopen", about=DECISION),
        Way("facts", "complaints.add_facts", "facts"),
        Way("agent", "complaints.appoint_agent", "agent"),
        Way("recusal", "complaints.request_recusal", "recusal"),
        Way("court", "complaints.open_litigation", "court", HELP),
        Way("police", "complaints.open_police_report", "police", HELP),
    )
}


def open_ways(case: Complaint, actor: Actor, *, now: datetime, about: str = "case") -> list[dict[str, Any]]:
    """The ways that are open now: `way` of the address, `label`, and the last moment where there is one."""
    last = remedies.review_last(case, now=now)
    return [
        {"way": way.address, "label": verb_named(way.verb).label, "last": last if way.address == "review" else None}
        for way in WAYS.values()
        if way.about == about and not verb_named(way.verb).why_not(case, actor, now=now)
    ]


def way_page(case: Complaint, actor: Actor, way: Way, *, now: datetime) -> dict[str, Any]:
    """What the page of one way shows beside its form: why it is closed, what it brings, and where else to go from there."""
    others = open_ways(case, actor, now=now, about=DECISION) if way.effect == Statement.Kind.CONTESTED else []
    return {
        "case": case,
        "verb": verb_named(way.verb),
        "blockers": verb_named(way.verb).why_not(case, actor, now=now),
        "effect": remedies.effect_of(case, way.effect, now=now) if way.effect else [],
        "others": [other for other in others if other["way"] in ("review", "reopen")],
    }
