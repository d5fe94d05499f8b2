"""One mediation as a side sees it: what happened, what is next and by when, what silence means, and what can be done now."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.clocks.lay import why_of
from cases.ladder import ladder_of
from cases.mediation.actions.sealing_rounds import proposed
from cases.mediation.models import Fact, Mediation, Round, Signature
from cases.mediation.paper import paper_of
from cases.mediation.queries import links_of_phone, seen_by_merchant
from cases.mediation.reasons import REASONS
from cases.mediation.rules.inviting import answer_clock
from cases.mediation.rules.longer import open_longer
from cases.mediation.rules.period import period_clock
from cases.mediation.rules.releasing import answered_offers, is_bound
from cases.mediation.rules.rounds import open_round
from cases.mediation.states import Side, State
from cases.mediation.talks import files, shown
from cases.mediation.talks.places import Place
from cases.mediation.terms import effect_on_consumer
from cases.mediation.told import CONSUMER_WORDS, happened, matter_of, next_for
from cases.models import Message
from cases.portal.letters import letters_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.verbs import verb_named

ACTS = (
    "release_offers",
    "take_back_offers",
    "answer_longer",
    "open_round",
    "answer_round",
    "consent",
    "refuse",
    "leave",
    "take_part",
    "offer",
    "answer_offer",
    "ask_mediator",
    "sign",
    "answer_facts",
    "open_litigation",
)


def page_context(
    case: Mediation, actor: Actor, place: Place, *, now: datetime, typed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Everything the page of either side prints. A merchant gets nothing of the case it came from. Raises `NotVisible`."""
    may = {name: not verb_named(f"mediation.{name}").why_not(case, actor, now=now) for name in ACTS}
    kept = shown.kept(case, now=now)
    done, promised = shown.total_of(kept)
    context: dict[str, Any] = {
        "case": case,
        "place": place,
        "side": place.side,
        "is_merchant": actor.kind == "merchant",
        "state_word": case.state_label,
        "happened": happened(case, actor.kind),
        "next": next_for(case, actor.kind),
        "may": may,
        "may_end": (may["leave"] or may["refuse"]) and not (may["take_part"] or may["consent"]),
        "written": shown.written(case),
        "has_signed": actor.kind in case.signed_by,
        "kept": kept,
        "round": round_of(case),
        "met": [rows.get_outcome_display() for rows in case.rounds.exclude(outcome="").order_by("-seq")[:1]],
        "done": done,
        "promised": promised,
        "done_words": shown.yuan(done),
        "promised_words": shown.yuan(promised),
        "paper": paper_of(case) if case.effective_at else None,
        "consumer_word": CONSUMER_WORDS.get(case.state, case.state_label),
        "signed": signed_by(case),
        "reasons": REASONS,
        "key": secrets.token_urlsafe(16),
        "matter": matter_of(case),
        "of_complaint": case.origin.kind == "complaint",
        "releases": releases_of(case, actor),
        "longer": longer_of(case, actor),
        "has_files": files.has_files(case, actor, now=now),
        **shown.talks_of(case, actor, now=now),
    }
    beside = (
        _for_merchant(case, actor, now=now, typed=typed) if actor.kind == "merchant" else _for_consumer(case, actor)
    )
    return context | beside


def round_of(case: Mediation) -> dict[str, Any] | None:
    """The open round as both sides see it: what is asked, until when, who has answered; never what was said."""
    row = open_round(case)
    if row is None:
        return None
    said = json.loads(open_sealed(row, "said"))
    return {
        "row": row,
        "is_bids": row.kind == Round.Kind.BIDS,
        "words": said["words"],
        "effect": effect_on_consumer(proposed(row)) if row.kind == Round.Kind.PROPOSAL else "",
        "answered": set(row.answers.values_list("side", flat=True)),
    }


def releases_of(case: Mediation, actor: Actor) -> list[dict[str, Any]]:
    """Every answered offer with who released it, when, and whether a bundle was made with it; empty while nothing could be released."""
    said = {(row.offer_id, row.side): row.said_at for row in case.releases.filter(taken_back_at=None)}
    return [
        {
            "told": shown.told(offer, actor),
            "seq": offer.seq,
            "mine": said.get((offer.pk, actor.kind)),
            "both": all((offer.pk, side) in said for side in Side.values),
            "by": [(side.label, said.get((offer.pk, side.value))) for side in Side],
            "is_bound": (offer.pk, Side.CONSUMER.value) in said and is_bound(offer),
        }
        for offer in answered_offers(case)
    ]


def longer_of(case: Mediation, actor: Actor) -> dict[str, Any] | None:
    """The longer period that waits for both: until when, why, by when to answer, who has answered, and whether this side has."""
    row, clock = open_longer(case), period_clock(case)
    if row is None or clock is None:
        return None
    answered = {answer.side: answer for answer in row.answers.all()}
    return {
        "row": row,
        "reason": open_sealed(row, "reason"),
        "answer_by": clock.due_at,
        "answered": [(side.label, answered.get(side.value)) for side in Side],
        "has_answered": actor.kind in answered,
    }


def signed_by(case: Mediation) -> list[tuple[Text, datetime | None]]:
    """Who signs, and when each did; the body only where one mediates."""
    agreement = case.known_agreement
    at = {row.side: row.signed_at for row in agreement.signatures.all()} if agreement else {}
    sides = [side for side in Signature.Side if side != Signature.Side.BODY or case.is_external]
    return [(side.label, at.get(side.value)) for side in sides]


def _for_merchant(case: Mediation, actor: Actor, *, now: datetime, typed: Mapping[str, Any] | None) -> dict[str, Any]:
    seen = seen_by_merchant(actor, case, now=now)
    allegation = open_sealed(case, "allegation") if case.allegation else ""
    handed = Counter(one.fact for one in files.handed_in(case))
    facts = [fact | {"files": handed[fact["row"].seq]} for fact in facts_of(case, typed)]
    return {
        "seen": seen,
        "facts": facts,
        "allegation": allegation,
        "handed_total": sum(handed.values()),
        "case_total": len(links_of_phone(actor, now=now)),
        "said": confided(case, Side.MERCHANT),
    }


def confided(case: Mediation, side: str) -> list[dict[str, Any]]:
    """What one side and whoever mediates wrote to each other, oldest first. The caller knows that whoever reads is that side or staff."""
    rows = case.messages.filter(audience=side, channel=Message.Channel.INBOX, template="").order_by("created_at", "id")
    return [{"text": open_sealed(row, "body"), "at": row.created_at, "is_mine": row.is_incoming} for row in rows]


def _for_consumer(case: Mediation, actor: Actor) -> dict[str, Any]:
    clock = answer_clock(case)
    return {
        "ladder": ladder_of(case, actor),
        "letters": letters_of(case, actor),
        "facts": [fact for fact in facts_of(case) if fact["answer"]],
        "answer_until": clock.due_at if clock else None,
        "why": why_of(case) if case.open_clocks else None,
        "ended": case.state in (State.FAILED, State.REFUSED, State.WITHDRAWN),
    }


def facts_of(case: Mediation, typed: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The facts the merchant is asked about, with the answers given, or `typed` and not taken yet."""
    typed = typed or {}
    return [
        {
            "row": fact,
            "statement": open_sealed(fact, "statement"),
            "answer": fact.answer,
            "label": fact.get_answer_display(),
            "words": open_sealed(fact, "words") if fact.words else "",
            "typed": typed.get(f"fact-{fact.seq}", ""),
            "typed_words": typed.get(f"words-{fact.seq}", ""),
            "choices": [choice for choice in Fact.Answer.choices if choice[0]],
        }
        for fact in case.known_facts
    ]
