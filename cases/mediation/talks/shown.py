"""What the pages of a mediation show: the last word of each side beside the other's, every offer, the agreement, the promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.mediation.agreement import TEXTS, content_signed
from cases.mediation.models import Agreement, Mediation, Offer
from cases.mediation.models import Term as Promise
from cases.mediation.queries import ledger_for
from cases.mediation.rules.performing import missed, promises_of
from cases.mediation.states import Side
from cases.mediation.terms import MONEY, NOTHING, Term, What, effect_on_consumer, sentence_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of term: what the consumer asks, what the merchant gives, and whether the two say otherwise."""

    label: Text
    consumer: str
    merchant: str

    @property
    def differs(self) -> bool:
        return self.consumer != self.merchant


@dataclass(frozen=True, slots=True)
class Told:
    """One offer as both sides read it."""

    offer: Offer
    side: Text
    is_mine: bool
    effect: str
    terms: list[Term]
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the two are apart in money: both in yuan, and each as a share of the larger, for a bar."""

    asked: Decimal
    given: Decimal

    @property
    def share(self) -> int:
        """What is given, in hundredths of what is asked; 100 when nothing is asked."""
        return min(100, int(self.given * 100 / self.asked)) if self.asked else 100

    @property
    def words(self) -> dict[str, str]:
        """The two amounts and what lies between them, as they are read."""
        return {"asked": yuan(self.asked), "given": yuan(self.given), "apart": yuan(abs(self.asked - self.given))}


@dataclass(frozen=True, slots=True)
class Written:
    """The agreement as it is read and signed: `sections` with their headings, its hash, who has signed when."""

    row: Agreement
    parties: dict[str, str]
    sections: list[tuple[Text, str]]
    promises: list[str]
    sha256: str
    signatures: list[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise of the agreement: what, by when, and how far it has come."""

    row: Promise
    what: str
    state: str  # confirmed, reported, missed, open
    report: str
    confirmation: str


def talks_of(case: Mediation, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything about the offers: `offers` newest first, `standing`, `lines`, `gap`, `turn`, `effect`. Raises `NotVisible`."""
    ledger = ledger_for(actor, case, now=now)
    waiting = case.offer_waiting(now)
    return {
        "offers": [told(offer, actor) for offer in reversed(ledger.offers)],
        "standing": told(waiting, actor) if waiting else None,
        "is_my_turn": ledger.turn == actor.kind,
        "turn": ledger.turn,
        "lines": lines_of(ledger.offers),
        "gap": gap_of(ledger.offers),
    }


def told(offer: Offer, actor: Actor) -> Told:
    terms = offer.plain_terms
    words = open_sealed(offer, "words") if offer.words else ""
    effect = effect_on_consumer(terms)
    return Told(offer, Side(offer.side).label, offer.side == actor.kind, effect, terms, words)


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def last_of(offers: list[Offer], side: str) -> Offer | None:
    """The last word of a side."""
    return next((offer for offer in reversed(offers) if offer.side == side), None)


def lines_of(offers: list[Offer]) -> list[Line]:
    """Term by term, the last word of each side; only what either speaks of."""
    asked, given = (last_of(offers, side.value) for side in (Side.CONSUMER, Side.MERCHANT))
    asks, gives = (offer.plain_terms if offer else [] for offer in (asked, given))
    found = [Line(what.label, sentence_of(asks, what.value), sentence_of(gives, what.value)) for what in What]
    return [line for line in found if line.consumer or line.merchant]


def gap_of(offers: list[Offer]) -> Gap | None:
    """None until both have spoken."""
    asked, given = last_of(offers, Side.CONSUMER.value), last_of(offers, Side.MERCHANT.value)
    return Gap(money_in(asked), money_in(given)) if asked and given else None


def money_in(offer: Offer) -> Decimal:
    """What an offer is worth to the consumer in yuan: money back and fees waived."""
    return sum((term.amount_cny or NOTHING for term in offer.plain_terms if term.what in MONEY), NOTHING)


def written(case: Mediation) -> Written | None:
    """The latest version of the agreement; its hash is computed anew from what is shown."""
    row = case.known_agreement
    if row is None:
        return None
    content = content_signed(case, row)
    headings = {
        "facts": _("Main facts"),
        "dispute": _("What is disputed"),
        "responsibility": _("Who answers for what"),
        "manner": _("Manner of performance"),
    }
    return Written(
        row,
        content["parties"],
        [(headings[name], content[name]) for name in TEXTS],
        [sentence_of([term], term.what) for term in row.offer.plain_terms],
        bytes(row.sha256).hex(),
        sorted(row.signatures.all(), key=lambda signature: signature.signed_at),
    )


def kept(case: Mediation, *, now: datetime) -> list[Kept]:
    """The promises in order, once the agreement binds; empty before."""
    if case.effective_at is None:
        return []
    late = {term.pk for term in missed(case, now=now)}
    return [_kept(term, is_late=term.pk in late) for term in promises_of(case)]


def _kept(term: Promise, *, is_late: bool) -> Kept:
    state = "confirmed" if term.confirmed_at else "reported" if term.reported_at else "missed" if is_late else "open"
    what = sentence_of([Term(term.what, term.due_on, term.amount_cny)], term.what)
    report, confirmation = (
        open_sealed(term, name) if getattr(term, name) else "" for name in ("report", "confirmation")
    )
    return Kept(term, what, state, report, confirmation)


def total_of(kept_ones: list[Kept]) -> tuple[Decimal, Decimal]:
    """Yuan confirmed, and yuan promised."""
    rows = [one for one in kept_ones if one.row.what == What.REFUND]
    done = sum((one.row.amount_cny or NOTHING for one in rows if one.state == "confirmed"), NOTHING)
    return done, sum((one.row.amount_cny or NOTHING for one in rows), NOTHING)
