"""May the period of an outside body be lengthened, and when does it end the attempt. Source: OM2021 art 24, house MED30."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.mediation.house_rules import house_rules
from cases.mediation.models import LongerPeriod, Mediation, PeriodAnswer
from cases.mediation.rules.agreeing import is_own_phone
from cases.mediation.rules.facts import names_the_other
from cases.mediation.rules.period import ART, is_over, period_clock, period_over
from cases.mediation.rules.sides import blockers_to_speak, may_act, side_of
from cases.mediation.states import Side, State
from cases.rules import PART_LIMIT, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker


def open_longer(case: Mediation) -> LongerPeriod | None:
    return case.longer_periods.filter(outcome="").prefetch_related("answers").first()


def blockers_to_propose_longer(
    case: Mediation, actor: Actor, *, now: datetime, until: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """While the period of an outside body runs: one later last day at a time, with a reason that both may read."""
    found = may_act(case, actor, "mediation.propose_longer", now=now) + only_while(case, State.NEGOTIATING)
    clock = period_clock(case)
    if clock is None or clock.due_at is None:
        found.append(Blocker("period.none", _("No period of an outside body is running."), ART))
    elif is_over(case, now=now):
        found += period_over(case, now=now)
    elif until is not UNASKED and not _is_possible(until, cst_date(clock.due_at)):
        message = _("The new last day lies after the present one, and not later than the house allows.")
        found.append(Blocker("until.impossible", message, "house MED30", "until"))
    if open_longer(case):
        found.append(Blocker("longer.open", _("A longer period waits for both sides already.")))
    found += missing(reason, "reason", _("Say why more time is needed; both sides read it."))
    found += too_long(reason, "reason", PART_LIMIT)
    if reason is not UNASKED and names_the_other(case, str(reason or "")):
        message = _("Leave out names, telephone, identity and card numbers: the merchant reads this.")
        found.append(Blocker("reason.personal", message, field="reason"))
    return found


def _is_possible(until: date | None, last: date) -> bool:
    return until is not None and last < until <= last + timedelta(days=house_rules().longest_lengthening_days)


def blockers_to_answer_longer(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    says_yes: Any = UNASKED,
    of: Any = UNASKED,
    side: Any = UNASKED,
    evidence: Any = UNASKED,
    phone: Any = UNASKED,
    challenge: Any = UNASKED,
) -> list[Blocker]:
    """Each side once, before the period ends. A yes is proven: by a code to the side's own phone, or by what staff can show."""
    found = blockers_to_speak(case, actor, "mediation.answer_longer", now=now, side=side, evidence=evidence)
    found += only_while(case, State.NEGOTIATING)
    period = open_longer(case)
    if period is None or (of is not UNASKED and (of is None or of.pk != period.pk)):
        return [*found, Blocker("longer.none", _("No longer period waits for an answer. Look at the page anew."))]
    found += period_over(case, now=now)
    speaks = side_of(actor, "" if side is UNASKED else str(side or ""))
    if any(answer.side == speaks for answer in period.answers.all()):
        found.append(Blocker("longer.answered", _("This side has answered already.")))
    if says_yes is UNASKED:
        return found
    if not isinstance(says_yes, bool):
        found.append(Blocker("answer.unknown", _("Say yes or no to the longer period."), field="says_yes"))
    elif says_yes and actor.kind in Side.values:
        found += _faults_of_proof(case, actor, phone, challenge)
    return found


def _faults_of_proof(case: Mediation, actor: Actor, phone: Any, challenge: Any) -> list[Blocker]:
    if phone in (UNASKED, "") or challenge in (UNASKED, None):
        return [Blocker("phone_code.missing", _("Say yes with a code to your phone."), ART)]
    found = []
    if not is_own_phone(case, actor, str(phone)):
        found.append(Blocker("actor.other_phone", _("Sign with a code to the phone that we know as yours.")))
    if PeriodAnswer.objects.filter(challenge=challenge).exists():
        found.append(Blocker("phone_code.used", _("This code was used for a signature already."), field="challenge"))
    return found


def blockers_to_end_period(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The last day is over and not both have signed; where both have, the body puts its seal and nothing is undone by a date."""
    found = no_power(actor, "mediation.end_period") + wrong_state(case, case.mark_period_over)
    if not is_over(case, now=now):
        found.append(Blocker("period.runs", _("The period has not ended.")))
    if set(Side.values) <= case.signed_by:
        found.append(Blocker("signature.both", _("Both sides have signed; the seal is still to come.")))
    return found
