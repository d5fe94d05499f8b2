"""Consumer and counsel are reminded of a time limit or a hearing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.litigation import words
from cases.litigation.models import Draft, Hearing, Litigation, Sum
from cases.litigation.rules import reminding as rules
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.wording import with_time
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.verbs import verb

OURS = frozenset({"FILE7"})
"""Time limits of the court that only counsel follows up."""


@verb(
    Litigation,
    "litigation.remind",
    label=_("Reminded of a time limit"),
    blockers=rules.blockers_to_remind,
    category="message",
    by_hand=False,
)
def remind(case: Litigation, *, actor: Actor, now: datetime, clock: Clock, days: int) -> None:
    """A time limit ends in `days` days. Source: house lawsuit reminders, house R49."""
    if clock.family not in OURS and not _advanced_by_us(case, clock):
        words.tell(case, words.LAPSING, now=now, what=clock.rule.zh, until=clock.due_at, days=days)
    assert clock.due_at is not None
    _tell_counsel(case, f"near:{clock.pk}:{days}", clock.code, clock.due_at, now=now)
    case.tell(clock_id=str(clock.pk), code=clock.code, days=days)


@verb(
    Litigation,
    "litigation.remind_hearing",
    label=_("Reminded of a hearing"),
    blockers=rules.blockers_to_remind_hearing,
    category="message",
    by_hand=False,
)
def remind_hearing(case: Litigation, *, actor: Actor, now: datetime, hearing: Hearing, days: int) -> None:
    """A hearing is in `days` days. Source: house lawsuit reminders."""
    words.tell(case, words.HEARING, now=now, court=case.court, at=with_time(hearing.at), place=hearing.place)
    _tell_counsel(case, f"near:{hearing.pk}:{days}", "", hearing.at, now=now)
    case.tell(hearing=str(hearing.pk), seq=hearing.seq, days=days)


def _advanced_by_us(case: Litigation, clock: Clock) -> bool:
    return clock.family == "FEE7" and case.open_fee is not None and case.open_fee.payer == Sum.By.HOUSE


def _tell_counsel(case: Litigation, key: str, clock: str, at: datetime, *, now: datetime) -> None:
    people = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    tell_about(case, people, "court.near", key=key, now=now, clock=clock, due=at.astimezone(CST).strftime("%Y-%m-%d"))


def tell_unappealed(case: Litigation, *, now: datetime) -> None:
    """The consumer's days to appeal are over. Counsel asks the court about the other side, and then says that it is in force.

    Source: CPL art 158, CPL art 171.
    """
    people = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    clock = clocks.running(case, family="APPEAL")
    if clock:
        tell_about(case, people, "court.unappealed", key=f"unappealed:{clock.pk}", now=now)


def tell_stale(draft: Draft, *, now: datetime) -> None:
    """A version was not printed, because it no longer says what holds: whoever handles the case drafts it again. Source: EVID2019 art 19."""
    case = draft.case
    people = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    tell_about(case, people, "court.redraft", key=f"redraft:{draft.pk}", now=now)
