"""The period of an outside body: lengthened by consent of both, and what its end brings about. Source: OM2021 art 24."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.clocks import dates
from cases.clocks import ledger as clocks
from cases.clocks import rules as clock_rules
from cases.clocks.models import Clock
from cases.handling import acts
from cases.mediation import words
from cases.mediation.actions.opening import HOW, end
from cases.mediation.models import LongerPeriod, Mediation, PeriodAnswer
from cases.mediation.news import tell_merchant
from cases.mediation.rules import longer as rules
from cases.mediation.rules.period import period_clock
from cases.mediation.rules.sides import side_of
from cases.mediation.states import Side
from cases.queries import complainant_of
from cases.wording import with_time
from jike import calendars
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date
from jike.base.ids import uuid7
from jike.privacy import mask_phone
from jike.verbs import verb

LONGER = "MED30_LONGER"


@verb(
    Mediation,
    "mediation.propose_longer",
    label=_("Put a longer period to both sides"),
    blockers=rules.blockers_to_propose_longer,
)
def propose_longer(case: Mediation, *, actor: Actor, now: datetime, until: date, reason: str) -> None:
    """Ask both sides whether the body may go on to a later last day. Nothing moves before both said yes. Source: OM2021 art 24."""
    row = LongerPeriod(
        id=uuid7(), case=case, until=until, reason=reason.strip(), proposed_by_id=actor.user, proposed_at=now
    )
    row.save(force_insert=True)
    case.tell(longer=str(row.pk), until=until.isoformat())
    tell_merchant(case, actor, about=row.pk, now=now)
    party, clock = complainant_of(case), cast(Clock, period_clock(case))
    if party:
        answer_by = with_time(cast(datetime, clock.due_at))
        words.LONGER.queue(case, party, now=now, origin=words.origin_of(case), until=until, answer_by=answer_by)


@verb(
    Mediation,
    "mediation.answer_longer",
    label=_("Record an answer to the longer period"),
    blockers=rules.blockers_to_answer_longer,
)
def answer_longer(
    case: Mediation,
    *,
    actor: Actor,
    now: datetime,
    says_yes: bool,
    of: LongerPeriod | None = None,
    side: str = "",
    evidence: str = "",
    phone: str = "",
    challenge: UUID | None = None,
) -> None:
    """One side says yes, by a code to its phone (`phone`, as proven by `challenge`) or through staff, or no. With the second yes the period
    is counted anew from its first day to the new last day; with a no everything stays as it was.
    """
    period = cast(LongerPeriod, rules.open_longer(case))
    speaks = side_of(actor, side)
    PeriodAnswer(
        id=uuid7(),
        period=period,
        case=case,
        side=speaks,
        says_yes=says_yes,
        challenge=challenge,
        phone_mask=mask_phone(phone) if phone else "",
        evidence=evidence.strip(),
        actor_kind=actor.kind,
        said_at=now,
    ).save(force_insert=True)
    case.tell(longer=str(period.pk), side=speaks, says_yes=says_yes)
    agreed = set(period.answers.filter(says_yes=True).values_list("side", flat=True)) == set(Side.values)
    if agreed or not says_yes:
        outcome = LongerPeriod.Outcome.AGREED if agreed else LongerPeriod.Outcome.REFUSED
        _ended(case, period, outcome, now=now)
    if agreed:
        _lengthen(case, period, now=now)
    if not actor.is_staff:
        acts.tell_handler(case, "case.side_spoke", key=f"longer:{period.pk}:{case.version}", now=now)


def _lengthen(case: Mediation, period: LongerPeriod, *, now: datetime) -> None:
    clock = cast(Clock, period_clock(case))
    rule = clock_rules.rule(LONGER, on=cst_date(case.received_at))
    length = (period.until - cst_date(clock.started_at)).days
    after = dates.due(rule, clock.started_at, length=length, calendar=calendars.current())
    clocks.put_in_place(case, clock, after, now=now)


def _ended(case: Mediation, period: LongerPeriod, outcome: str, *, now: datetime) -> None:
    period.outcome, period.ended_at = outcome, now
    period.save(update_fields=["outcome", "ended_at"])
    case.tell(outcome=str(outcome))


@verb(
    Mediation,
    "mediation.end_period",
    label=_("Period of the mediation over"),
    blockers=rules.blockers_to_end_period,
    by_hand=False,
)
def end_period(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """The last day passed without an agreement that both signed: negotiating -> failed, at the end of that day, whenever the timer came by.

    The count of the complaint goes on the day after; the other remedies are told. Source: OM2021 art 24, PML art 26, house MED30.
    """
    at = cast(datetime, cast(Clock, period_clock(case)).due_at)
    if period := rules.open_longer(case):
        _ended(case, period, LongerPeriod.Outcome.LAPSED, now=now)
    case.mark_period_over(at=at)
    case.tell(effective=at.astimezone(CST).isoformat(timespec="seconds"))
    end(case, HOW["period"], at=at, now=now)
