"""The clocks of limitation on the case, made to say what the recorded facts say."""

from __future__ import annotations

from datetime import date, datetime

from cases.clocks import ledger as clocks
from cases.clocks import rules as clock_rules
from cases.clocks.models import Clock
from cases.litigation import limitation, reminders
from cases.litigation.limitation import Kind, Limitation
from cases.litigation.models import LimitationFact, Litigation
from jike import calendars
from jike.base.actors import Actor
from jike.base.dates import cst_date, start_of_day
from jike.base.ids import uuid7


def limitation_of(case: Litigation) -> Limitation | None:
    """The arithmetic as the facts are now; None before the day it runs from is known."""
    base = case.limitation_base
    if base is None:
        return None
    harmed, received = case.harmed_on or case.knew_on or base, cst_date(case.received_at)
    facts = [fact.plain for fact in case.known_facts] + [fact for _report, fact in case.known_reports]
    return limitation.count(base, facts, harmed_on=harmed, received_on=received, calendar=calendars.current())


def recount(case: Litigation, *, now: datetime) -> None:
    """Put the clocks LIM and LIM_CAP right: what counts otherwise is replaced, what stands still is stopped. Source: CC art 195."""
    found = limitation_of(case)
    if found is None:
        return
    _keep(case, "LIM_CAP", "LIM_CAP", found.cap.started_at, now=now)
    stretch = found.running
    if stretch is None:
        clocks.stop(case, "LIM", at=now, now=now)
        return
    _keep(case, "LIM", stretch.due.rule.code, start_of_day(stretch.start), now=now)


def is_counted(case: Litigation) -> bool:
    """Whether the clocks say already what the facts say now."""
    found = limitation_of(case)
    clock, running = clocks.running(case, family="LIM"), found.running if found else None
    if found is None or (clock is None and running is None):
        return True
    if clock is None or running is None:
        return False
    return (clock.code, clock.started_at) == (running.due.rule.code, start_of_day(running.start))


def _keep(case: Litigation, family: str, code: str, at: datetime, *, now: datetime) -> None:
    running = clocks.running(case, family=family)
    if running and (running.code, running.started_at) == (code, at):
        return
    clock = clocks.count_anew(case, running, code, at=at, now=now) if running else clocks.start(case, code, at=at, now=now)  # fmt: skip
    reminders.of_clock(clock, now=now)


def add_fact(
    case: Litigation, kind: str, *, on: date, until: date | None = None, evidence: str, actor: Actor, now: datetime
) -> LimitationFact:
    """Keep a fact of limitation and count anew."""
    row = LimitationFact(
        id=uuid7(),
        case_id=case.pk,
        seq=len(case.known_facts) + 1,
        kind=kind,
        happened_on=on,
        until=until,
        evidence=evidence.strip(),
        recorded_by_id=actor.user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_facts")
    recount(case, now=now)
    return row


def end_fact(case: Litigation, row: LimitationFact, *, until: date, now: datetime) -> None:
    row.until = until
    row.save(update_fields=["until"])
    case.forget("known_facts")
    recount(case, now=now)


def end_suit(case: Litigation, *, until: date, now: datetime) -> None:
    """The attempt at a court is over without a judgment: the count begins anew when that is known. Source: CC art 195."""
    for row in case.known_facts:
        if row.kind == Kind.SUIT and row.until is None:
            end_fact(case, row, until=max(until, row.happened_on), now=now)


def start(case: Litigation, code: str, *, at: datetime, now: datetime, length: int | None = None) -> Clock:
    """Start a clock of the court, or count it anew where one of its family runs, with its reminders."""
    family = clock_rules.rule(code, on=cst_date(case.received_at)).family
    running = clocks.running(case, family=family)
    if running:
        clock = clocks.count_anew(case, running, code, at=at, now=now, length=length)
    else:
        clock = clocks.start(case, code, at=at, now=now, length=length)
    reminders.of_clock(clock, now=now)
    return clock
