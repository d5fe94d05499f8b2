"""May the merchant be told this, and may the facts be answered: what a merchant reads names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.mediation.models import Fact, Mediation
from cases.mediation.rules.sides import may_act
from cases.mediation.states import Side, State
from cases.models import Party
from cases.rules import PART_LIMIT, missing, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.files.covering import patterns
from jike.privacy import open_sealed

MOST_FACTS = 12
STATEMENT_LIMIT = 300
NUMBERS = (patterns.ID_NUMBER, patterns.PHONE, patterns.CARD)
ANSWERS = (Fact.Answer.YES, Fact.Answer.NO, Fact.Answer.UNKNOWN)


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """What the merchant says of one fact: right, not right, or cannot be said, with words where there is more to say."""

    fact: UUID
    answer: str
    words: str = ""


def faults_of_telling(case: Mediation, allegation: Any, facts: Any) -> list[Blocker]:
    """The matter in the words of the house: short facts, no name, no number by which a person could be found."""
    found = missing(allegation, "allegation", _("Tell the merchant in plain words what the matter is."))
    found += too_long(allegation, "allegation", PART_LIMIT)
    if facts is not UNASKED and (len(facts) > MOST_FACTS or any(len(one) > STATEMENT_LIMIT for one in facts)):
        message = _("At most 12 facts of at most 300 characters each.")
        found.append(Blocker("facts.too_many", message, field="facts"))
    for field, text in (("allegation", allegation), ("facts", facts)):
        if text is not UNASKED and names_the_other(case, text if isinstance(text, str) else "\n".join(text)):
            message = _("Leave out names, telephone, identity and card numbers: the merchant reads this.")
            found.append(Blocker(f"{field}.personal", message, field=field))
    return found


def names_the_other(case: Mediation, text: str, *, to: str = Side.MERCHANT) -> bool:
    """Whether a text for one side holds a number by which a person could be found, or a name of somebody of the other side."""
    people = [party for party in case.known_parties if party.role != Party.Role.RESPONDENT]
    colleagues = case.merchant_links.filter(delegated_by__isnull=False) if to == Side.CONSUMER else []
    names = [open_sealed(party, "name") for party in people if party.name] if to == Side.MERCHANT else []
    names += [open_sealed(link, "holder") for link in colleagues if link.holder]
    named = any(len(name) > 1 and name in text for name in names)
    return named or any(kind in NUMBERS for _start, _end, kind in patterns.found(text))


def blockers_to_answer_facts(case: Mediation, actor: Actor, *, now: datetime, answers: Any = UNASKED) -> list[Blocker]:
    """Each fact once, while the merchant is asked or the two talk."""
    found = may_act(case, actor, "mediation.answer_facts", now=now)
    found += only_while(case, State.INVITED, State.NEGOTIATING)
    if not any(not fact.answer for fact in case.known_facts):
        found.append(Blocker("facts.none", _("No fact waits for an answer.")))
    elif answers is not UNASKED:
        found += _faults_of(case, answers)
    return found


def _faults_of(case: Mediation, answers: Sequence[FactAnswer]) -> list[Blocker]:
    waiting = {fact.pk for fact in case.known_facts if not fact.answer}
    found = []
    if not answers:
        found.append(Blocker("answers.missing", _("Answer at least one of the facts."), field="answers"))
    if any(answer.fact not in waiting or answer.answer not in ANSWERS for answer in answers):
        message = _("A fact was answered already, or is none of this case.")
        found.append(Blocker("answers.unknown", message, field="answers"))
    if any(len(answer.words) > PART_LIMIT for answer in answers):
        found.append(Blocker("answers.too_long", _("At most 8,000 characters, please."), field="answers"))
    return found
