"""May the consumer accept or contest a decision: once each, as soon as it was told. Source: house statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint, Statement
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.states import State
from cases.rules import historical, missing, no_power, not_own_case, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker, Text


def blockers_to_accept_decision(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "complaints.accept_decision") or not_own_case(case, actor)
    return found + _told_and_unsaid(case, Statement.Kind.ACCEPTED, _("You have accepted this decision already."))


def blockers_to_contest_decision(
    case: Complaint, actor: Actor, *, now: datetime, words: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, "complaints.contest_decision") or not_own_case(case, actor)
    found += _told_and_unsaid(case, Statement.Kind.CONTESTED, _("You have contested this decision already."))
    found += missing(words, "words", _("Say what is wrong with the decision."))
    return found + too_long(words, "words", PART_LIMIT)


def _told_and_unsaid(case: Complaint, kind: str, already: Text) -> list[Blocker]:
    found = historical(case) or only_while(case, State.NOTIFIED, State.CLOSED)
    if found or not case.has("statements"):
        return found
    said = Statement.objects.filter(case_id=case.pk, decision_id=case.decision_id, kind=kind)
    return [Blocker("statement.said", already)] if said.exists() else []
