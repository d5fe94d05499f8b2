"""Judgment, appeal, force, enforcement, and the money that came of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.clocks.steps import is_late
from cases.litigation.models import CourtFee, Litigation, Sum
from cases.litigation.rules.court import day_between
from cases.litigation.rules.opening import EVIDENCE_LIMIT
from cases.litigation.states import IN_COURT, LIVE, SENT_BACK, UPHELD, Appellant, Outcome, State
from cases.rules import handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day
from jike.base.errors import UNASKED, Blocker

ABOVE = (*(outcome for outcome in Outcome.values if outcome), SENT_BACK, UPHELD)


def appeal_clock(case: Litigation) -> Clock | None:
    return clocks.running(case, family="APPEAL")


def _said(case: Litigation, outcome: Any, awarded_cny: Any, perform_by: Any, served_on: Any) -> list[Blocker]:
    """What a judgment says: an amount where something was granted, none where nothing was, and the last day to perform."""
    found = []
    if outcome in (Outcome.WON, Outcome.PARTLY):
        if awarded_cny is not UNASKED and not (isinstance(awarded_cny, Decimal) and awarded_cny > 0):
            message = _("Give the amount that was granted.")
            found.append(Blocker("awarded_cny.missing", message, field="awarded_cny"))
    elif awarded_cny not in (UNASKED, None):
        found.append(Blocker("awarded_cny.none", _("Nothing was granted."), field="awarded_cny"))
    if isinstance(perform_by, date) and isinstance(served_on, date) and perform_by < served_on:
        message = _("The last day of performance lies after the service.")
        found.append(Blocker("perform_by.before", message, field="perform_by"))
    return found


def blockers_to_judge(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    served_on: Any = UNASKED,
    outcome: Any = UNASKED,
    awarded_cny: Any = UNASKED,
    perform_by: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """The first judgment reached the consumer; fifteen days to appeal run from that, but for small claims. Source: CPL art 171, CPL art 165."""
    found = handler_only(case, actor, "litigation.judge") + wrong_state(case, case.mark_judged)
    if outcome is not UNASKED and outcome not in (Outcome.WON, Outcome.PARTLY, Outcome.LOST):
        found.append(Blocker("outcome.unknown", _("Say what the court decided."), field="outcome"))
    found += day_between(served_on, "served_on", first=case.docketed_on, now=now)
    found += _said(case, outcome, awarded_cny, perform_by, served_on)
    return (
        found + missing(evidence, "evidence", _("Name the judgment.")) + too_long(evidence, "evidence", EVIDENCE_LIMIT)
    )


def blockers_to_appeal(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    appealed_on: Any = UNASKED,
    by: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Within the days of the appeal, once, and never of small claims. Source: CPL art 171, CPL art 165, CPL art 182."""
    found = handler_only(case, actor, "litigation.appeal") + wrong_state(case, case.mark_appealing)
    if case.is_final_at_once:
        message = _("Small claims end with this judgment: no appeal lies.")
        found.append(Blocker("procedure.small", message, "CPL art 165"))
    clock = appeal_clock(case)
    if not found and clock is None:
        found.append(Blocker("appeal.over", _("No appeal is open any more."), "CPL art 171"))
    if by is not UNASKED and by not in (Appellant.CONSUMER, Appellant.OPPONENT):
        found.append(Blocker("by.unknown", _("Say who appeals."), field="by"))
    found += day_between(appealed_on, "appealed_on", first=case.served_on, now=now)
    # The other side's days run from its own service, which nobody here may know.
    due_at = clock.due_at if clock and by == Appellant.CONSUMER else None
    if due_at and isinstance(appealed_on, date) and is_late(end_of_day(appealed_on), due_at):
        message = _("The last day to appeal is over.")
        found.append(Blocker("appealed_on.late", message, "CPL art 171", "appealed_on"))
    return found + missing(evidence, "evidence", _("Name the paper.")) + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_decide_appeal(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    served_on: Any = UNASKED,
    outcome: Any = UNASKED,
    awarded_cny: Any = UNASKED,
    perform_by: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """The court above decided for good, or sent it back. Source: CPL art 182."""
    found = handler_only(case, actor, "litigation.decide_appeal") + only_while(case, State.APPEALING)
    possible = (SENT_BACK, UPHELD) if case.rejection else tuple(one for one in ABOVE if one != UPHELD)
    if outcome is not UNASKED and outcome not in possible:
        found.append(Blocker("outcome.unknown", _("Say what the court above decided."), field="outcome"))
    found += day_between(served_on, "served_on", first=case.appealed_on, now=now)
    found += _said(case, outcome, awarded_cny, perform_by, served_on)
    return (
        found + missing(evidence, "evidence", _("Name the judgment.")) + too_long(evidence, "evidence", EVIDENCE_LIMIT)
    )


def blockers_to_take_effect(case: Litigation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The days of the appeal are over and nobody appealed, or no appeal lies. The other side's days run from its own service, which the
    house may not know: so counsel says it, and time alone only of small claims. Source: CPL art 158, CPL art 165.
    """
    power = "litigation.take_effect"
    found = handler_only(case, actor, power) if actor.is_staff else no_power(actor, power)
    found += wrong_state(case, case.mark_effective)
    if not actor.is_staff and not case.is_final_at_once:
        message = _("Whether the other side appealed is known to counsel alone.")
        found.append(Blocker("appeal.unknown", message, "CPL art 171"))
    clock = appeal_clock(case)
    if clock and clock.due_at and not is_late(now, clock.due_at):
        found.append(Blocker("appeal.open", _("An appeal is still open."), "CPL art 171"))
    return found


def performance_over(case: Litigation, now: datetime) -> bool:
    """The last day of performance has come, or the judgment names none. Source: CPL art 250."""
    return case.effective_on is not None and (case.perform_by is None or case.perform_by < cst_date(now))


def blockers_to_begin_enforcement_period(case: Litigation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Two years to apply begin with the last day of performance. Source: CPL art 250."""
    found = no_power(actor, "litigation.begin_enforcement_period") + only_while(case, State.EFFECTIVE)
    if not case.awarded_cny or not performance_over(case, now) or case.clocks.filter(family="ENF").exists():
        message = _("Nothing was granted, the days of performance run, or the period has begun already.")
        found.append(Blocker("performance.open", message, "CPL art 250"))
    return found


def blockers_to_enforce(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    enforced_on: Any = UNASKED,
    court: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Applied for after the days of performance and within two years. Source: CPL art 247, CPL art 250."""
    found = handler_only(case, actor, "litigation.enforce") + wrong_state(case, case.mark_enforcing)
    if not case.awarded_cny:
        found.append(Blocker("award.none", _("The court granted nothing that could be enforced."), "CPL art 247"))
    elif not performance_over(case, now):
        message = _("The days of performance are not over yet.")
        found.append(Blocker("performance.open", message, "CPL art 250"))
    first = case.perform_by + timedelta(days=1) if case.perform_by else case.effective_on
    found += day_between(enforced_on, "enforced_on", first=first, now=now)
    clock = clocks.running(case, family="ENF")
    if isinstance(enforced_on, date) and clock and clock.due_at and is_late(end_of_day(enforced_on), clock.due_at):
        message = _("The two years to apply for enforcement are over.")
        found.append(Blocker("enforced_on.late", message, "CPL art 250", "enforced_on"))
    found += missing(court, "court", _("Name the court.")) + too_long(court, "court", 80)
    return found + missing(evidence, "evidence", _("Name the paper.")) + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_record_sum(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    what: Any = UNASKED,
    by: Any = UNASKED,
    cny: Any = UNASKED,
    on: Any = UNASKED,
    note: Any = UNASKED,
) -> list[Blocker]:
    """A cost or money that came in, as a note: no money moves here."""
    found = handler_only(case, actor, "litigation.record_sum") + only_while(case, *LIVE)
    if what is not UNASKED and what not in Sum.What.values:
        found.append(Blocker("what.unknown", _("Say what it was for."), field="what"))
    if by is not UNASKED and by not in Sum.By.values:
        found.append(Blocker("by.unknown", _("Say who paid."), field="by"))
    if cny is not UNASKED and not (isinstance(cny, Decimal) and cny > 0):
        found.append(Blocker("cny.missing", _("Give the amount."), field="cny"))
    return found + day_between(on, "on", first=None, now=now) + too_long(note, "note", EVIDENCE_LIMIT)


def blockers_to_record_fee(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    what: Any = UNASKED,
    cny: Any = UNASKED,
    by: Any = UNASKED,
    noticed_on: Any = UNASKED,
) -> list[Blocker]:
    """What the court asks for by its notice, and who advances it; one at a time. Source: FEE2006 art 20, FEE2006 art 22."""
    found = handler_only(case, actor, "litigation.record_fee") + only_while(case, *IN_COURT, State.COURT_REJECTED)
    if case.open_fee:
        found.append(Blocker("fee.open", _("A fee is still to be paid. Settle it first.")))
    if what is not UNASKED and what not in CourtFee.What.values:
        found.append(Blocker("what.unknown", _("Say what the fee is for."), field="what"))
    if cny is not UNASKED and not (isinstance(cny, Decimal) and cny > 0):
        found.append(Blocker("cny.missing", _("Give the amount."), "FEE2006 art 13", "cny"))
    if by is not UNASKED and by not in CourtFee.ADVANCES:
        found.append(Blocker("by.unknown", _("Say who advances it."), "FEE2006 art 20", "by"))
    return found + day_between(noticed_on, "noticed_on", first=case.filed_on, now=now)


def blockers_to_settle_fee(
    case: Litigation,
    actor: Actor,
    *,
    now: datetime,
    settled: Any = UNASKED,
    cny: Any = UNASKED,
    settled_on: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Paid with its amount, which may be less than asked for where the court allowed it; or waived or deferred. Source: FEE2006 art 44."""
    found = handler_only(case, actor, "litigation.settle_fee") + only_while(case, *LIVE)
    row = case.open_fee
    if row is None:
        return [*found, Blocker("fee.none", _("No fee is to be paid."))]
    if settled is not UNASKED and (not settled or settled not in CourtFee.Settled.values):
        found.append(Blocker("settled.unknown", _("Say how it was settled."), field="settled"))
    if settled == CourtFee.Settled.PAID and not (isinstance(cny, Decimal) and 0 < cny <= row.cny):
        message = _("Give the amount that was paid, at most what the court asked for.")
        found.append(Blocker("cny.impossible", message, field="cny"))
    elif settled != CourtFee.Settled.PAID and cny not in (UNASKED, None):
        found.append(Blocker("cny.none", _("Nothing was paid."), field="cny"))
    found += day_between(settled_on, "settled_on", first=row.noticed_on, now=now)
    found += missing(evidence, "evidence", _("Name the paper.")) + too_long(evidence, "evidence", EVIDENCE_LIMIT)
    return found


def sums_in_force(case: Litigation) -> list[Sum]:
    """What was noted and not undone."""
    return list(case.sums.filter(undoes=None, undone_by=None).order_by("seq"))


def blockers_to_undo_sum(
    case: Litigation, actor: Actor, *, now: datetime, sum: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """A slip is undone by its negative twin, once."""
    found = handler_only(case, actor, "litigation.undo_sum") + only_while(case, *LIVE)
    known = {row.pk for row in sums_in_force(case)}
    if not known:
        found.append(Blocker("sum.none", _("Nothing is noted that could be undone.")))
    elif sum is not UNASKED and (sum is None or sum.pk not in known):
        found.append(Blocker("sum.unknown", _("Choose one of the sums in force."), field="sum"))
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", EVIDENCE_LIMIT)
