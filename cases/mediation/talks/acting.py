"""The clicks of a side, each by the one action that does it. What a browser sends is shaped here and judged by the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.mediation import actions
from cases.mediation.models import Fact, Mediation, Offer
from cases.mediation.models import Term as Promise
from cases.mediation.rules.facts import FactAnswer
from cases.mediation.rules.performing import promises_of
from cases.mediation.talks.reasons import REASONS
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused

Typed = Mapping[str, Any]


def perform(typed: Typed, case: Mediation, actor: Actor, *, now: datetime) -> str:
    """Do what was clicked; returns a word for the page after. Raises `Refused` with every reason, and then nothing has changed."""
    act = ACTS.get(typed.get("act", ""))
    if act is None:
        raise Refused([Blocker("act.unknown", _("Choose one of the buttons of this page."), field="act")])
    act(typed, case, actor, now=now, key=typed.get("key", "")[:64])
    return str(typed["act"])


def _simple(action: Callable[..., Any]) -> Callable[..., None]:
    def act(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
        action(case, actor=actor, now=now, key=key)

    return act


def _take_part(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    """The merchant's yes, with the facts it answered along the way. The facts are kept even where the yes comes too late."""
    answers = answers_in(typed, case)
    if answers:
        case = actions.answer_facts(case, actor=actor, now=now, key=f"{key}:facts", answers=answers)
    actions.take_part(case, actor=actor, now=now, key=key)


def _answer_facts(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    actions.answer_facts(case, actor=actor, now=now, key=key, answers=answers_in(typed, case))


def answers_in(typed: Typed, case: Mediation) -> list[FactAnswer]:
    """The facts that were answered in this form and not before."""
    open_facts = [fact for fact in case.known_facts if not fact.answer]
    given = [(fact, typed.get(f"fact-{fact.seq}", ""), typed.get(f"words-{fact.seq}", "")) for fact in open_facts]
    return [
        FactAnswer(fact.pk, answer, words) for fact, answer, words in given if answer in Fact.Answer.values and answer
    ]


def _refuse(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    """A refusal with its reason, one of a fixed list, kept for whoever mediates."""
    reason = typed.get("reason", "")
    if actor.kind == "merchant" and reason not in REASONS:
        raise Refused([Blocker("reason.missing", _("Choose why you do not take part."), field="reason")])
    said = " ".join(part for part in (str(REASONS.get(reason, "")), typed.get("text", "").strip()) if part)
    actions.refuse(case, actor=actor, now=now, key=key, evidence=said)


def _answer(answer: str) -> Callable[..., None]:
    def act(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
        offer = _row(Offer.objects.filter(case_id=case.pk), typed.get("offer", ""))
        actions.answer_offer(case, actor=actor, now=now, key=key, offer=offer, answer=answer)

    return act


def _ask(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    actions.ask_mediator(case, actor=actor, now=now, key=key, text=typed.get("text", ""))


def _promise(action: Callable[..., Any]) -> Callable[..., None]:
    def act(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
        known = Promise.objects.filter(pk__in=[row.pk for row in promises_of(case)])
        term = _row(known, typed.get("term", ""))
        action(case, actor=actor, now=now, key=key, term=term, evidence=typed.get("text", ""))

    return act


def _row(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


ACTS: dict[str, Callable[..., None]] = {
    "consent": _simple(actions.consent),
    "leave": _simple(actions.leave),
    "take_part": _take_part,
    "answer_facts": _answer_facts,
    "refuse": _refuse,
    "accept": _answer(Offer.Answer.ACCEPTED.value),
    "reject": _answer(Offer.Answer.REJECTED.value),
    "ask_mediator": _ask,
    "report": _promise(actions.report_term),
    "confirm": _promise(actions.confirm_term),
}
