"""May a sealed round be opened, answered, or recorded as lapsed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.mediation import terms as pure
from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, Round
from cases.mediation.rules.period import period_over
from cases.mediation.rules.sides import may_act
from cases.mediation.states import Side, State
from cases.mediation.terms import LARGEST, NOTHING, What
from cases.rules import PART_LIMIT, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker
from jike.base.money import CENT

LONGEST_PAY_DAYS = 90


def open_round(case: Mediation) -> Round | None:
    """The round that both sides may still answer, if there is one."""
    return case.rounds.filter(outcome="").first()


def blockers_to_open_round(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    kind: Any = UNASKED,
    expires_at: Any = UNASKED,
    pay_days: Any = UNASKED,
    terms: Any = UNASKED,
    words: Any = UNASKED,
) -> list[Blocker]:
    """Limits by whoever takes part, a proposal by whoever mediates; one round at a time, while the two talk. Source: house sealed round."""
    found = may_act(case, actor, "mediation.open_round", now=now) + only_while(case, State.NEGOTIATING)
    if case.accepted_offer:
        found.append(Blocker("offer.agreed", _("An offer was accepted: what is left is to sign the agreement.")))
    if open_round(case):
        found.append(Blocker("round.open", _("A sealed round is open already. Both answer it first.")))
    if kind is not UNASKED and kind not in Round.Kind.values:
        found.append(Blocker("kind.unknown", _("Choose sealed limits or a proposal."), field="kind"))
    if kind == Round.Kind.PROPOSAL:
        found += _faults_of_proposal(actor, terms, first=expires_at or now if expires_at is not UNASKED else now)
    if kind == Round.Kind.BIDS and not _good_days(pay_days):
        message = _("Say within how many days the amount is paid, 90 at most.")
        found.append(Blocker("pay_days.impossible", message, field="pay_days"))
    longest = timedelta(days=house_rules().longest_offer_days)
    if expires_at is not UNASKED and not (expires_at and now < expires_at <= now + longest):
        message = _("A round stands until a moment in the future, and not for longer than the house allows.")
        found.append(Blocker("expires_at.impossible", message, field="expires_at"))
    return found + too_long(words, "words", PART_LIMIT)


def _good_days(pay_days: Any) -> bool:
    return pay_days is UNASKED or (isinstance(pay_days, int) and 1 <= pay_days <= LONGEST_PAY_DAYS)


def _faults_of_proposal(actor: Actor, terms: Any, *, first: datetime) -> list[Blocker]:
    """Nothing falls due before the last moment at which both may have said yes."""
    found = []
    if not actor.is_staff:
        found.append(Blocker("actor.not_mediator", _("Only whoever mediates makes a proposal to both.")))
    if terms is not UNASKED:
        plain: Sequence[pure.Term] = terms or ()
        found += pure.faults_of(plain, refund_cny=pure.total(plain, What.REFUND), today=cst_date(first))
    return found


def blockers_to_answer_round(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    of: Any = UNASKED,
    limit_cny: Any = UNASKED,
    says_yes: Any = UNASKED,
) -> list[Blocker]:
    """Each side itself, once, in time, and only to the round it looked at. Staff never answer for anybody: they would know."""
    found = may_act(case, actor, "mediation.answer_round", now=now) + only_while(case, State.NEGOTIATING)
    found += period_over(case, now=now)
    if actor.kind not in Side.values:
        found.append(Blocker("actor.no_side", _("Only the two sides answer, each for themselves.")))
    row = open_round(case)
    if row is None or (of is not UNASKED and (of is None or of.pk != row.pk)):
        return [*found, Blocker("round.none", _("This round is over. Look at what came of it."))]
    if now > row.expires_at:
        found.append(Blocker("round.lapsed", _("The time to answer this round is over.")))
    if row.answers.filter(side=actor.kind).exists():
        found.append(Blocker("round.answered", _("You have answered this round already.")))
    is_given = of is not UNASKED  # the answer itself is judged with the round it is for, also where it is missing
    if row.kind == Round.Kind.BIDS and is_given and not _good_amount(limit_cny):
        message = _("Give an amount in yuan, exact to the cent.")
        found.append(Blocker("limit.malformed", message, field="limit_cny"))
    if row.kind == Round.Kind.PROPOSAL and is_given and not isinstance(says_yes, bool):
        found.append(Blocker("answer.unknown", _("Say yes or no to the proposal."), field="says_yes"))
    return found


def _good_amount(amount: Any) -> bool:
    return isinstance(amount, Decimal) and NOTHING < amount <= LARGEST and amount == amount.quantize(CENT)


def blockers_to_lapse_round(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "mediation.lapse_round")
    row = open_round(case)
    if row is None or now <= row.expires_at:
        found.append(Blocker("round.stands", _("No round has lapsed.")))
    return found
