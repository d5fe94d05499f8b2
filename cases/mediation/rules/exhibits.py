"""May the merchant hand in a file: while its link opens the case, and where the case it came from takes papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.attachments.adding import attach_verb
from cases.kinds import kind_named
from cases.mediation.models import Mediation
from cases.mediation.rules.inviting import OPEN_TO_MERCHANTS
from cases.mediation.rules.sides import may_act
from cases.mediation.states import State
from cases.models import Case
from cases.rules import only_while
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

FACT_UNKNOWN = _("Choose one of the facts of this case.")
TAKES_FILES = tuple(state for state in OPEN_TO_MERCHANTS if state != State.PERFORMED)


def blockers_to_hand_in(
    case: Mediation, actor: Actor, *, now: datetime, file: Any = UNASKED, fact: Any = UNASKED, **words: Any
) -> list[Blocker]:
    """The paper is added to the case this came from, whose own rule is asked too. A fact named must be one of this case."""
    if found := may_act(case, actor, "mediation.hand_in", now=now):
        return found
    found = only_while(case, *TAKES_FILES)
    origin = paper_case(case)
    if origin is None:
        return [
            *found,
            Blocker("papers.none", _("The case it came from takes no files. Write to the mediator instead.")),
        ]
    given = {} if file is UNASKED else {"file": file}
    found += attach_verb(origin).blockers(origin, actor, now=now, **given)
    if fact is not UNASKED and fact is not None and fact.case_id != case.pk:
        found.append(Blocker("fact.unknown", FACT_UNKNOWN, field="fact"))
    return found


def paper_case(case: Mediation) -> Case | None:
    """The case whose papers these are; None where its kind takes none (a return of a loan)."""
    origin: Case = kind_named(case.origin.kind).model.objects.get(pk=case.origin_id)
    try:
        attach_verb(origin)
    except LookupError:
        return None
    return origin
