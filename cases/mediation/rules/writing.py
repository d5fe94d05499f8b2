"""May a side write to whoever mediates, and may that person write to one side: never to both at once, and nothing of the other's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.mediation.models import Mediation
from cases.mediation.rules.facts import names_the_other
from cases.mediation.rules.sides import may_act
from cases.mediation.states import BOUND, ON_THE_WAY, Side, State
from cases.queries import complainant_of
from cases.rules import PART_LIMIT, missing, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

BOTH_ASKED = (State.INVITED, State.NEGOTIATING, *(state for state in BOUND if state != State.PERFORMED))


def blockers_to_ask_mediator(case: Mediation, actor: Actor, *, now: datetime, text: Any = UNASKED) -> list[Blocker]:
    """Each side for itself, from the invitation until everything is done."""
    found = may_act(case, actor, "mediation.ask_mediator", now=now) + only_while(case, *BOTH_ASKED)
    found += missing(text, "text", _("Please write what the mediator should know."))
    return found + too_long(text, "text", PART_LIMIT)


def blockers_to_write(
    case: Mediation, actor: Actor, *, now: datetime, side: Any = UNASKED, text: Any = UNASKED
) -> list[Blocker]:
    """To one side that was asked already, in words that hold nothing by which somebody of the other side could be found.

    Source: house audiences.
    """
    found = may_act(case, actor, "mediation.write", now=now)
    found += only_while(case, *dict.fromkeys((*ON_THE_WAY, *BOTH_ASKED)))
    if side is not UNASKED and side not in Side.values:
        found.append(Blocker("side.unknown", _("Say to which side you write."), field="side"))
    if side == Side.MERCHANT and case.state not in BOTH_ASKED:
        found.append(Blocker("merchant.not_asked", _("The merchant has not been invited yet."), field="side"))
    if side == Side.CONSUMER and complainant_of(case) is None:
        found.append(Blocker("contact.none", _("Nobody is known who could agree to it.")))
    found += missing(text, "text", _("Write what this side should read.")) + too_long(text, "text", PART_LIMIT)
    if text is not UNASKED and side in Side.values and names_the_other(case, str(text or ""), to=str(side)):
        message = _("Leave out names of the other side, and telephone, identity and card numbers.")
        found.append(Blocker("text.personal", message, field="text"))
    return found
