"""The ledger of offers: made in turn, answered once, lapsed at their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext_lazy as _

from cases.handling import acts
from cases.mediation import words as told
from cases.mediation.closing import end_open_round
from cases.mediation.models import Mediation, Offer, Session, Term
from cases.mediation.news import tell_merchant
from cases.mediation.rules import offering as rules
from cases.mediation.rules.sides import side_of
from cases.mediation.states import Side
from cases.mediation.terms import Term as PlainTerm
from cases.mediation.terms import What, total
from cases.queries import complainant_of
from cases.wording import with_time
from jike.base.actors import Actor
from jike.base.dates import end_of_day
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Mediation, "mediation.offer", label=_("Make an offer"), blockers=rules.blockers_to_offer, category="message", by_hand=False)  # fmt: skip
def make_offer(
    case: Mediation,
    *,
    actor: Actor,
    now: datetime,
    terms: Sequence[PlainTerm],
    refund_cny: Decimal,
    expires_at: datetime,
    side: str = "",
    words: str = "",
    evidence: str = "",
) -> None:
    """One side says what it would settle for; an open offer of the other side is answered by it. Nothing binds before both have signed.

    Instalments are refunds with days of their own that add up to `refund_cny`. `side` and `evidence` only where staff write down what
    a side said. Without prejudice: the event names no amount. Source: house without prejudice, house R48.
    """
    speaks = side_of(actor, side)
    standing = case.standing_offer
    if standing:
        lapsed = standing.has_lapsed(now)
        _answer(standing, Offer.Answer.LAPSED if lapsed else Offer.Answer.COUNTERED, by=actor.kind, now=now)
    offer = _written(
        case, terms, side=speaks, made_by=actor.kind, now=now, expires_at=expires_at, words=words, evidence=evidence
    )
    case.tell(offer=str(offer.pk), seq=offer.seq, side=speaks)
    _spoke(case, actor, now=now)
    if speaks == Side.CONSUMER:
        tell_merchant(case, actor, about=offer.pk, now=now)
    party = complainant_of(case)
    if party and speaks == Side.MERCHANT:
        told.OFFER.queue(case, party, now=now, origin=told.origin_of(case), until=with_time(expires_at))


@verb(
    Mediation, "mediation.answer_offer", label=_("Answer an offer"), blockers=rules.blockers_to_answer_offer, category="message", by_hand=False
)  # fmt: skip
def answer_offer(
    case: Mediation, *, actor: Actor, now: datetime, offer: Offer, answer: str, side: str = "", evidence: str = ""
) -> None:
    """Accept or reject the newest offer, once. What is accepted is put into an agreement and binds when that is signed."""
    standing = cast(Offer, case.standing_offer)
    _answer(standing, answer, by=actor.kind, now=now, evidence=evidence.strip())
    case.tell(offer=str(standing.pk), answer=str(answer), side=side_of(actor, side))
    if answer == Offer.Answer.ACCEPTED:
        end_open_round(case, now=now)
    if side_of(actor, side) == Side.CONSUMER:
        tell_merchant(case, actor, about=standing.pk, now=now)
    _spoke(case, actor, now=now)


@verb(
    Mediation, "mediation.lapse_offer", label=_("Offer lapsed"), blockers=rules.blockers_to_lapse_offer, category="message", by_hand=False
)  # fmt: skip
def lapse_offer(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """The newest offer found no answer in time. Silence is no yes; either side may offer anew."""
    standing = cast(Offer, case.standing_offer)
    _answer(standing, Offer.Answer.LAPSED, by=actor.kind, now=now)
    case.tell(offer=str(standing.pk), answer="lapsed")


@verb(
    Mediation,
    "mediation.record_session",
    label=_("Record a session"),
    blockers=rules.blockers_to_record_session,
    category="message",
)
def record_session(
    case: Mediation,
    *,
    actor: Actor,
    now: datetime,
    held_at: datetime,
    minutes_long: int,
    present: str,
    minutes: str,
    recording: str = "",
) -> None:
    """Keep who met when and what was said; `recording` is the SHA-256 of a recording kept elsewhere. No party reads the minutes here.

    Source: PML art 27.
    """
    row = Session(
        id=uuid7(),
        case=case,
        held_at=held_at,
        minutes_long=minutes_long,
        present=present.strip(),
        minutes=minutes.strip(),
        recording_sha256=bytes.fromhex(recording) if recording else None,
        recorded_by_id=actor.user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    case.tell(session=str(row.pk), recording=recording)


def accepted_at_once(case: Mediation, terms: Sequence[PlainTerm], *, made_by: str, now: datetime) -> Offer:
    """An offer that both have agreed to already, in secret: it answers whatever stands, and is the accepted one. Called inside a verb."""
    standing = case.standing_offer
    if standing:
        lapsed = standing.has_lapsed(now)
        _answer(standing, Offer.Answer.LAPSED if lapsed else Offer.Answer.COUNTERED, by=made_by, now=now)
    last = max(term.due_on for term in terms)
    offer = _written(case, terms, side=Side.MERCHANT, made_by=made_by, now=now, expires_at=end_of_day(last))
    _answer(offer, Offer.Answer.ACCEPTED, by=made_by, now=now)
    return offer


def _written(
    case: Mediation,
    terms: Sequence[PlainTerm],
    *,
    side: str,
    made_by: str,
    now: datetime,
    expires_at: datetime,
    words: str = "",
    evidence: str = "",
) -> Offer:
    """The row of an offer and the rows of its terms."""
    offer = Offer(
        id=uuid7(),
        case_id=case.pk,
        seq=len(case.known_offers) + 1,
        side=side,
        refund_cny=total(terms, What.REFUND),
        term_count=len(terms),
        words=words.strip(),
        evidence=evidence.strip(),
        made_by_kind=made_by,
        made_at=now,
        expires_at=expires_at,
    )
    offer.save(force_insert=True)
    Term.objects.bulk_create(
        Term(
            id=uuid7(),
            offer=offer,
            case_id=case.pk,
            seq=seq,
            what=one.what,
            amount_cny=one.amount_cny,
            due_on=one.due_on,
        )
        for seq, one in enumerate(terms, start=1)
    )
    return offer


def _spoke(case: Mediation, actor: Actor, *, now: datetime) -> None:
    """Whoever mediates hears of what a side did by itself."""
    if not actor.is_staff:
        acts.tell_handler(case, "case.side_spoke", key=f"spoke:{case.pk}:{case.version}", now=now)


def _answer(offer: Offer, answer: str, *, by: str, now: datetime, evidence: str = "") -> None:
    offer.answer, offer.answered_at, offer.answered_by_kind = answer, now, by
    changed = ["answer", "answered_at", "answered_by_kind"]
    if evidence:
        offer.answer_evidence = evidence
        changed.append("answer_evidence")
    offer.save(update_fields=changed)
