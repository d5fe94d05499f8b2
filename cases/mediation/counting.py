"""What a mediation does to the count of the case it came from: the law lets an outside body's stop it, and nothing else.

Negotiation through us is no mediation: the days go on. Source: O2020-3 art 23, PML art 29.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.kinds import kind_named
from cases.mediation.models import Mediation
from jike.accounts.roles import machine_actor
from jike.verbs import VerbUnknown, verb_named

MACHINE = "mediation"


def stop_count(case: Mediation, *, first_on: date, evidence: str, now: datetime) -> None:
    """Pause the count from the day the body accepted; where it cannot be paused any more it runs on, and the event says so."""
    case.stopped_count = _done(case, "pause", now=now, kind="mediation", first_on=first_on, evidence=evidence)
    case.tell(stopped_count=case.stopped_count)


def resume_count(case: Mediation, *, last_on: date, now: datetime) -> None:
    """The mediation is over, whatever came of it: `last_on` is the last day left out."""
    if case.stopped_count:
        resumed = _done(case, "resume", now=now, kind="mediation", last_on=last_on)
        case.stopped_count = False
        case.tell(resumed_count=resumed)


def _done(case: Mediation, short_name: str, *, now: datetime, **inputs: Any) -> bool:
    """Do a verb of the origin's kind, if it has one and nothing stands against it."""
    kind = kind_named(case.origin.kind)
    try:
        verb = verb_named(f"{kind.area}.{short_name}")
    except VerbUnknown:
        return False
    actor, row = machine_actor(MACHINE), kind.model.locked(case.origin_id)
    if verb.blockers(row, actor, now=now, **inputs):
        return False
    verb.action(row, actor=actor, now=now, **inputs)
    return True
