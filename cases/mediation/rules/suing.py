"""May a broken mediation be carried to court."""

from __future__ import annotations

from datetime import datetime

from cases.litigation.rules.opening import blockers_to_open
from cases.mediation.models import Mediation
from cases.mediation.rules.sides import may_act
from cases.mediation.states import State
from cases.rules import only_while
from jike.base.actors import Actor
from jike.base.errors import Blocker


def blockers_to_open_litigation(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Only of an agreement that was broken: it binds, and a court can be asked. Source: PML art 31."""
    found = may_act(case, actor, "mediation.open_litigation", now=now) + only_while(case, State.BREACHED)
    return found + blockers_to_open(case.origin)
