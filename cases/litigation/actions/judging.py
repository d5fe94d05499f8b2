"""Judgment, appeal, force, enforcement, and the money noted on the way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.litigation import counting, words
from cases.litigation.actions.court import add_served, start_appeal
from cases.litigation.limitation import Kind
from cases.litigation.models import Litigation, Served, Sum
from cases.litigation.rules import judging as rules
from cases.litigation.states import UPHELD, State
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day, start_of_day
from jike.base.ids import uuid7
from jike.base.money import cny as to_cents
from jike.verbs import verb


@verb(Litigation, "litigation.judge", label=_("Record the judgment"), blockers=rules.blockers_to_judge)
def record_judgment(
    case: Litigation,
    *,
    actor: Actor,
    now: datetime,
    served_on: date,
    outcome: str,
    evidence: str,
    awarded_cny: Decimal | None = None,
    perform_by: date | None = None,
) -> None:
    """The first judgment reached the consumer: -> judged. Fifteen days to appeal begin, but for small claims. Source: CPL art 171, CPL art 165."""
    case.mark_judged(served_on=served_on, outcome=outcome, awarded_cny=awarded_cny, perform_by=perform_by)
    _decided(case, Served.What.JUDGMENT, outcome, served_on, evidence, actor=actor, now=now)
    until = None if case.is_final_at_once else start_appeal(case, "APPEAL", served_on, now=now)
    words.tell(case, words.JUDGED, now=now, court=case.court, until=until, is_small=case.is_final_at_once)


def _decided(
    case: Litigation, what: str, outcome: str, served_on: date, evidence: str, *, actor: Actor, now: datetime
) -> None:
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    add_served(case, what, served_on, "", actor=actor, now=now)
    clocks.stop(case, "EVI", at=now, now=now)
    case.tell(outcome=outcome, served=served_on.isoformat())


@verb(Litigation, "litigation.appeal", label=_("Record an appeal"), blockers=rules.blockers_to_appeal)
def record_appeal(case: Litigation, *, actor: Actor, now: datetime, appealed_on: date, by: str, evidence: str) -> None:
    """One side appealed in time: -> appealing. Of a ruling, the claim lies at a court again, and limitation does not run.

    Source: CPL art 171, CC art 195.
    """
    case.mark_appealing(on=appealed_on, by=by)
    clocks.stop(case, "APPEAL", at=min(now, end_of_day(appealed_on)), now=now)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    if case.rejection:
        counting.add_fact(case, Kind.SUIT, on=appealed_on, evidence=evidence, actor=actor, now=now)
    case.tell(appealed=appealed_on.isoformat(), by=by)


@verb(Litigation, "litigation.decide_appeal", label=_("Record what the court above decided"), blockers=rules.blockers_to_decide_appeal)  # fmt: skip
def decide_appeal(
    case: Litigation,
    *,
    actor: Actor,
    now: datetime,
    served_on: date,
    outcome: str,
    evidence: str,
    awarded_cny: Decimal | None = None,
    perform_by: date | None = None,
) -> None:
    """The court above judged, which is final; sent it back to be heard, or to be accepted after all; or upheld that it is not heard.

    Source: CPL art 177, CPL art 182.
    """
    case.mark_decided_above(served_on=served_on, outcome=outcome, awarded_cny=awarded_cny, perform_by=perform_by)
    what = Served.What.JUDGMENT if case.state == State.EFFECTIVE else Served.What.RULING
    if case.state == State.EFFECTIVE:
        _tell_in_force(case, now=now)
    else:
        words.tell(case, words.RULED_ABOVE, now=now, is_upheld=outcome == UPHELD)
    if outcome == UPHELD:
        counting.end_suit(case, until=served_on, now=now)
    if case.state == State.FILED:  # to be accepted after all: the court's seven days are followed anew
        counting.start(case, "FILE7", at=min(now, end_of_day(served_on)), now=now)
    _decided(case, what, outcome, served_on, evidence, actor=actor, now=now)


def _tell_in_force(case: Litigation, *, now: datetime) -> None:
    given = {"perform_by": case.perform_by, "is_awarded": bool(case.awarded_cny)}
    words.tell(case, words.EFFECTIVE, now=now, court=case.court, **given)


@verb(Litigation, "litigation.take_effect", label=_("Judgment in force"), blockers=rules.blockers_to_take_effect)
def take_effect(case: Litigation, *, actor: Actor, now: datetime) -> None:
    """Nobody appealed in time, or no appeal lies: judged -> effective, on the day that made it so. Source: CPL art 158, CPL art 165."""
    clock = rules.appeal_clock(case)
    last = cst_date(clock.due_at) if clock and clock.due_at else case.served_on
    case.mark_effective(on=last or cst_date(now))
    clocks.stop(case, "APPEAL", at=clock.due_at if clock and clock.due_at else now, now=now)
    case.tell(effective=(last or cst_date(now)).isoformat())
    _tell_in_force(case, now=now)


@verb(
    Litigation,
    "litigation.begin_enforcement_period",
    label=_("Days of performance over"),
    blockers=rules.blockers_to_begin_enforcement_period,
    category="clock",
    by_hand=False,
)
def begin_enforcement_period(case: Litigation, *, actor: Actor, now: datetime) -> None:
    """The two years to apply for enforcement run from the last day of performance, or of force where none was set. Source: CPL art 250."""
    first = case.perform_by or case.effective_on or cst_date(now)
    counting.start(case, "ENF", at=start_of_day(first), now=now)


@verb(Litigation, "litigation.enforce", label=_("Record the application for enforcement"), blockers=rules.blockers_to_enforce)  # fmt: skip
def apply_enforcement(
    case: Litigation, *, actor: Actor, now: datetime, enforced_on: date, court: str, evidence: str
) -> None:
    """Enforcement was applied for in time: effective -> enforcing. Source: CPL art 247, CPL art 250."""
    case.mark_enforcing(on=enforced_on, court=court.strip())
    clocks.stop(case, "ENF", at=min(now, end_of_day(enforced_on)), now=now)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(enforced=enforced_on.isoformat())


@verb(Litigation, "litigation.record_sum", label=_("Note a cost or money received"), blockers=rules.blockers_to_record_sum, category="money")  # fmt: skip
def record_sum(
    case: Litigation, *, actor: Actor, now: datetime, what: str, by: str, cny: Decimal, on: date, note: str = ""
) -> None:
    """A cost that was paid, or money that came in, as a note for whoever looks back."""
    row = add_sum(case, what=what, by=by, cny=to_cents(cny), on=on, note=note.strip(), actor=actor, now=now)
    case.tell(sum=str(row.pk), what=what)


@verb(Litigation, "litigation.undo_sum", label=_("Undo a noted sum"), blockers=rules.blockers_to_undo_sum, category="money")  # fmt: skip
def undo_sum(case: Litigation, *, actor: Actor, now: datetime, sum: Sum, reason: str) -> None:
    """A slip, taken back by its negative twin; both stay."""
    old = case.sums.get(pk=sum.pk)
    row = add_sum(
        case,
        what=old.what,
        by=old.by,
        cny=-old.cny,
        on=old.paid_on,
        note=reason.strip(),
        actor=actor,
        now=now,
        undoes=old,
    )
    case.tell(sum=str(row.pk), undoes=str(old.pk))


def add_sum(
    case: Litigation,
    *,
    what: str,
    by: str,
    cny: Decimal,
    on: date,
    note: str,
    actor: Actor,
    now: datetime,
    undoes: Sum | None = None,
) -> Sum:
    row = Sum(
        id=uuid7(),
        case_id=case.pk,
        seq=case.sums.count() + 1,
        what=what,
        by=by,
        cny=cny,
        paid_on=on,
        note=note,
        undoes=undoes,
        recorded_by_id=actor.user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    return row
