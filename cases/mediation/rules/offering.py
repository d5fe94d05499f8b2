"""May an offer be made, answered, or recorded as lapsed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.mediation import terms as pure
from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, Offer
from cases.mediation.rules.period import period_over
from cases.mediation.rules.sides import blockers_to_speak, may_act, side_of
from cases.mediation.states import State
from cases.rules import PART_LIMIT, missing, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

SHA256 = re.compile(r"[0-9a-f]{64}")
ANSWERS = (Offer.Answer.ACCEPTED, Offer.Answer.REJECTED)


def blockers_to_offer(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    side: Any = UNASKED,
    terms: Any = UNASKED,
    refund_cny: Any = UNASKED,
    expires_at: Any = UNASKED,
    words: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """In turn: whoever has an offer standing waits for the answer, and the other side's offer is answered by this one."""
    found = blockers_to_speak(case, actor, "mediation.offer", now=now, side=side, evidence=evidence)
    found += only_while(case, State.NEGOTIATING) + period_over(case, now=now)
    if case.accepted_offer:
        found.append(Blocker("offer.agreed", _("An offer was accepted: what is left is to sign the agreement.")))
    standing = case.standing_offer
    speaks = side_of(actor, "" if side is UNASKED else str(side))
    if standing and standing.side == speaks and not standing.has_lapsed(now):
        found.append(Blocker("offer.not_your_turn", _("Your offer stands; the other side answers first.")))
    if terms is not UNASKED:
        found += pure.faults_of(terms, refund_cny=refund_cny, today=cst_date(now))
    longest = timedelta(days=house_rules().longest_offer_days)
    if expires_at is not UNASKED and not (expires_at and now < expires_at <= now + longest):
        message = _("An offer stands until a moment in the future, and not for longer than the house allows.")
        found.append(Blocker("expires_at.impossible", message, field="expires_at"))
    return found + too_long(words, "words", PART_LIMIT)


def blockers_to_answer_offer(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    offer: Any = UNASKED,
    answer: Any = UNASKED,
    side: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Once, by the other side, in time, and only the newest: what was offered before is gone."""
    found = blockers_to_speak(case, actor, "mediation.answer_offer", now=now, side=side, evidence=evidence)
    found += only_while(case, State.NEGOTIATING) + period_over(case, now=now)
    standing = case.standing_offer
    if standing is None:
        found.append(Blocker("offer.none", _("No offer waits for an answer.")))
    elif offer is not UNASKED and (offer is None or offer.pk != standing.pk):
        message = _("This offer was answered, or another has taken its place. Look at the newest one.")
        found.append(Blocker("offer.stale", message, field="offer"))
    else:
        if standing.has_lapsed(now):
            found.append(Blocker("offer.lapsed", _("This offer has lapsed. Either side may make a new one.")))
        if standing.side == side_of(actor, "" if side is UNASKED else str(side)):
            found.append(Blocker("offer.own", _("Nobody answers their own offer.")))
    if answer is not UNASKED and answer not in ANSWERS:
        found.append(Blocker("answer.unknown", _("Accept the offer or reject it."), field="answer"))
    return found


def blockers_to_record_session(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    held_at: Any = UNASKED,
    minutes_long: Any = UNASKED,
    present: Any = UNASKED,
    minutes: Any = UNASKED,
    recording: Any = UNASKED,
) -> list[Blocker]:
    """A meeting that has been, while the two talk. Source: PML art 27."""
    found = may_act(case, actor, "mediation.record_session", now=now) + only_while(case, State.NEGOTIATING)
    if held_at is not UNASKED and not (held_at and (case.begun_at or now) <= held_at <= now):
        message = _("The session was held after the talks began and not in the future.")
        found.append(Blocker("held_at.impossible", message, field="held_at"))
    found += missing(present, "present", _("Say who was there."))
    found += missing(minutes, "minutes", _("Write down what was said.")) + too_long(minutes, "minutes", PART_LIMIT)
    if recording is not UNASKED and recording and not SHA256.fullmatch(str(recording)):
        message = _("A SHA-256 has 64 characters, digits and a to f.")
        found.append(Blocker("recording.malformed", message, field="recording"))
    return found


def blockers_to_lapse_offer(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "mediation.lapse_offer")
    standing = case.standing_offer
    if standing is None or not standing.has_lapsed(now):
        found.append(Blocker("offer.stands", _("No offer has lapsed.")))
    return found
