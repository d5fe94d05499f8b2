"""Sealed rounds: opened for both, answered in secret, settled by the machine alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from cases.mediation import sealed
from cases.mediation import words as told
from cases.mediation.actions.offering import accepted_at_once
from cases.mediation.closing import end_open_round, end_round
from cases.mediation.models import Mediation, Round, SecretAnswer
from cases.mediation.news import tell_merchant
from cases.mediation.rules import rounds as rules
from cases.mediation.states import Side
from cases.mediation.terms import Term, What
from cases.queries import complainant_of
from cases.wording import with_time
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.privacy import create_keys, open_sealed
from jike.verbs import verb

YES, NO = "yes", "no"


@verb(Mediation, "mediation.open_round", label=_("Open a sealed round"), blockers=rules.blockers_to_open_round, category="message", by_hand=False)  # fmt: skip
def open_round(
    case: Mediation,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    expires_at: datetime,
    pay_days: int | None = None,
    terms: Sequence[Term] = (),
    words: str = "",
) -> None:
    """Ask both sides something that each answers in secret. Nothing said in it is ever shown: only what came of it.

    Source: house sealed round.
    """
    row = Round(
        id=uuid7(),
        case=case,
        seq=case.rounds.count() + 1,
        kind=kind,
        said=json.dumps({"words": words.strip(), "terms": [_plain(term) for term in terms]}, ensure_ascii=False),
        pay_days=pay_days if kind == Round.Kind.BIDS else None,
        opened_by_kind=actor.kind,
        opened_by_id=actor.user if actor.is_staff else None,
        opened_at=now,
        expires_at=expires_at,
    )
    row.save(force_insert=True)
    create_keys([row.pk])
    case.tell(round=str(row.pk), kind=kind)
    tell_merchant(case, actor, about=row.pk, now=now)
    party = complainant_of(case)
    if party and actor.kind != "consumer":
        told.ROUND.queue(case, party, now=now, origin=told.origin_of(case), is_bids=kind == Round.Kind.BIDS, until=with_time(expires_at))  # fmt: skip


@verb(
    Mediation, "mediation.answer_round", label=_("Sealed round answered"), blockers=rules.blockers_to_answer_round, category="message", by_hand=False
)  # fmt: skip
def answer_round(
    case: Mediation,
    *,
    actor: Actor,
    now: datetime,
    of: Round,
    limit_cny: Decimal | None = None,
    says_yes: bool | None = None,
) -> None:
    """One side answers in secret; the second answer ends the round, and what was said in it is destroyed with its key.

    Where the two meet, an offer is accepted at once and only has to be put into words and signed. Source: house sealed round.
    """
    row = cast(Round, rules.open_round(case))
    said = str(limit_cny) if row.kind == Round.Kind.BIDS else YES if says_yes else NO
    SecretAnswer(id=uuid7(), round=row, case=case, side=actor.kind, said=said, said_at=now).save(force_insert=True)
    case.tell(round=str(row.pk), side=actor.kind)
    answers = {answer.side: open_sealed(answer, "said") for answer in row.answers.all()}
    if set(answers) == set(Side.values):
        terms = terms_met(row, answers, on=cst_date(now))
        offer = accepted_at_once(case, terms, made_by=row.kind, now=now) if terms else None
        end_round(case, row, Round.Outcome.SETTLED if offer else Round.Outcome.APART, offer=offer, now=now)


@verb(
    Mediation, "mediation.lapse_round", label=_("Sealed round lapsed"), blockers=rules.blockers_to_lapse_round, category="message", by_hand=False
)  # fmt: skip
def lapse_round(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """Not both answered in time: the round is over, and what one of them said is destroyed unread."""
    end_open_round(case, now=now)


def terms_met(row: Round, answers: dict[str, str], *, on: date) -> list[Term]:
    """What both have agreed to by their answers; empty where they have not met."""
    if row.kind == Round.Kind.PROPOSAL:
        return proposed(row) if set(answers.values()) == {YES} else []
    amount = sealed.meeting_point(Decimal(answers[Side.CONSUMER]), Decimal(answers[Side.MERCHANT]))
    assert row.pay_days is not None
    return [Term(What.REFUND.value, on + timedelta(days=row.pay_days), amount)] if amount is not None else []


def proposed(row: Round) -> list[Term]:
    """The terms of the mediator's proposal."""
    said = json.loads(open_sealed(row, "said"))
    return [
        Term(term["what"], date.fromisoformat(term["due"]), Decimal(term["cny"]) if term["cny"] else None)
        for term in said["terms"]
    ]


def _plain(term: Term) -> dict[str, Any]:
    return {"what": term.what, "due": term.due_on.isoformat(), "cny": str(term.amount_cny or "")}
