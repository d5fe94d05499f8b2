"""The mediations of the demo story: the acts of consumer, merchant, mediator and clock, by the actions that real ones take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.models import Term as Promise
from cases.mediation.proof import own_phone
from cases.mediation.rules.facts import FactAnswer
from cases.mediation.terms import Term, What, total
from cases.models import Case
from jike.accounts.roles import consumer_actor, machine_actor, merchant_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day
from jike.base.ids import uuid7
from jike.files import store
from jike.files.kinds import TEXT
from jike.privacy import open_sealed
from jike.verbs import verb_named

PREFIX = "mediation."


def mediation_of(origin: Case) -> Mediation:
    """The newest mediation of a case of the story."""
    return Mediation.objects.filter(origin_id=origin.pk).latest("registered_at")


def link_at(case: Mediation, at: datetime) -> MerchantLink | None:
    """The newest link there was at `at`: told again, the story's merchant is the same one."""
    own = case.merchant_links.filter(issued_at__lte=at, delegated_by=None)
    return own.order_by("-issued_at", "-id").first()


def actor_for(by: str, case: Mediation, staff: Callable[[str], Actor], *, at: datetime) -> Actor:
    """Whoever does an act: one of the sides, the clock, or an account."""
    if by == "consumer":
        return consumer_actor(case.consumer_id)
    if by == "merchant":
        link = link_at(case, at)
        return merchant_actor(link.pk if link else uuid7())
    return machine_actor("clock") if by == "clock" else staff(by)


def perform(case: Mediation, act: dict[str, Any], *, actor: Actor, key: str, at: datetime, now: datetime) -> None:
    """One act of a mediation; raises `Refused` where somebody has moved it on meanwhile."""
    given = {name: value for name, value in act.items() if name not in ("verb", "by", "when")}
    shape = _SHAPES.get(act["verb"].removeprefix(PREFIX))
    inputs = shape(case, given, actor, at, now) if shape else given
    verb_named(act["verb"]).action(case, actor=actor, now=at, key=key, **inputs)


Inputs = dict[str, Any]


def _offer(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    terms = [
        Term(row["what"], cst_date(now) + timedelta(days=row["due"]), Decimal(row["cny"]) if "cny" in row else None)
        for row in given["terms"]
    ]
    until = end_of_day(cst_date(at) + timedelta(days=given["stands"]))
    return {"terms": terms, "refund_cny": total(terms, What.REFUND), "expires_at": until, "words": given["words"]}


def _answer(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    return {"offer": case.offers.order_by("-seq").first(), "answer": given["answer"]}


def _facts(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    said = zip(case.known_facts, given["answers"], given["words"], strict=False)
    return {"answers": [FactAnswer(fact.pk, answer, words) for fact, answer, words in said]}


def _link(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    link = link_at(case, at)
    assert link is not None
    return {"link": link, "phone": open_sealed(link, "phone")}


def _sign(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    agreement = case.known_agreement
    assert agreement is not None
    return {"sha256": bytes(agreement.sha256), "phone": own_phone(case, actor), "challenge": uuid7()}


def _promise(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    rows = Promise.objects.filter(case=case, offer__answer="accepted")
    return {"term": rows.get(seq=given["term"]), "evidence": given.get("evidence", "")}


def _acceptance(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    return given | {"accepted_on": cst_date(now) - timedelta(days=given["accepted_on"])}


def _file(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    content = given["text"].encode()
    file = store.put(case.origin_id, content, media_type=TEXT, display_name=given["name"], now=at)
    fact = next((fact for fact in case.known_facts if fact.seq == given.get("fact")), None)
    return {"file": file, "name": given["name"], "fact": fact}


def _longer(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    return {"until": cst_date(now) + timedelta(days=given["until"]), "reason": given["reason"]}


def _yes_to_longer(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    return {"says_yes": given["says_yes"], "phone": own_phone(case, actor), "challenge": uuid7()}


def _release(case: Mediation, given: Inputs, actor: Actor, at: datetime, now: datetime) -> Inputs:
    return {"offers": [offer for offer in case.known_offers if offer.seq in given["offers"]]}


_SHAPES: dict[str, Callable[[Mediation, Inputs, Actor, datetime, datetime], Inputs]] = {
    "offer": _offer,
    "answer_offer": _answer,
    "answer_facts": _facts,
    "confirm_link": _link,
    "sign": _sign,
    "report_term": _promise,
    "confirm_term": _promise,
    "record_acceptance": _acceptance,
    "hand_in": _file,
    "propose_longer": _longer,
    "answer_longer": _yes_to_longer,
    "release_offers": _release,
}
