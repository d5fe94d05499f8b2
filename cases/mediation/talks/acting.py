"""The clicks of a side, each by the one action that does it. What a browser sends is shaped here and judged by the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cases.mediation import actions
from cases.mediation.models import Fact, LongerPeriod, Mediation, Offer, Round
from cases.mediation.models import Term as Promise
from cases.mediation.rules.facts import FactAnswer
from cases.mediation.rules.performing import promises_of
from cases.portal.fields import AmountField
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day
from jike.base.errors import Blocker, Refused, refuse_if
from jike.verbs import verb_named

Typed = Mapping[str, Any]
BIDS_STAND_DAYS, BIDS_PAY_DAYS = 7, 15


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
    actions.take_part(_with_facts(typed, case, actor, now=now, key=key), actor=actor, now=now, key=key)


def _with_facts(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> Mediation:
    """The case with the facts answered in the same form, if the merchant answered any."""
    answers = answers_in(typed, case) if actor.kind == "merchant" else []
    if answers:
        case = actions.answer_facts(case, actor=actor, now=now, key=f"{key}:facts", answers=answers)
    return case


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
    given = {"reason": typed.get("reason", ""), "evidence": typed.get("text", "")}
    refuse_if(verb_named("mediation.refuse").blockers(case, actor, now=now, **given))  # before the facts are kept
    case = _with_facts(typed, case, actor, now=now, key=key)
    actions.refuse(case, actor=actor, now=now, key=key, **given)


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


def _open_bids(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    """A side proposes sealed limits: they stand for a week, and what they meet at is paid within the usual days."""
    until = end_of_day(cst_date(now) + timedelta(days=BIDS_STAND_DAYS))
    given = {"kind": Round.Kind.BIDS.value, "expires_at": until, "pay_days": BIDS_PAY_DAYS}
    actions.open_round(case, actor=actor, now=now, key=key, **given)


def _bid(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    try:
        limit = AmountField(required=False).clean(typed.get("limit", ""))
    except ValidationError as error:
        raise Refused([Blocker("limit.malformed", error.messages[0], field="limit_cny")]) from None
    row = _row(Round.objects.filter(case_id=case.pk), typed.get("round", ""))
    actions.answer_round(case, actor=actor, now=now, key=key, of=row, limit_cny=limit)


def _say(yes: bool) -> Callable[..., None]:  # noqa: FBT001 - a table of two
    def act(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
        row = _row(Round.objects.filter(case_id=case.pk), typed.get("round", ""))
        actions.answer_round(case, actor=actor, now=now, key=key, of=row, says_yes=yes)

    return act


def _no_longer(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
    """No to a longer period. A yes is said with a code, on a page of its own."""
    row = _row(LongerPeriod.objects.filter(case_id=case.pk), typed.get("longer", ""))
    actions.answer_longer(case, actor=actor, now=now, key=key, of=row, says_yes=False)


def _of_offers(action: Callable[..., Any]) -> Callable[..., None]:
    """An act on offers that the page names by number."""

    def act(typed: Typed, case: Mediation, actor: Actor, *, now: datetime, key: str) -> None:
        numbers = typed.getlist("offers") if isinstance(typed, MultiValueDict) else typed.get("offers", [])
        chosen = [offer for offer in case.known_offers if str(offer.seq) in numbers]
        action(case, actor=actor, now=now, key=key, offers=chosen)

    return act


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
    "no_longer": _no_longer,
    "open_litigation": _simple(actions.open_litigation),
    "release": _of_offers(actions.release_offers),
    "take_back": _of_offers(actions.take_back_offers),
    "open_bids": _open_bids,
    "bid": _bid,
    "say_yes": _say(True),
    "say_no": _say(False),
}
