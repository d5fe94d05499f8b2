"""Counting provisional clocks again when a holiday notice comes out: the old count stays on record, the consumer is told of a new day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases.clocks import dates, ledger
from cases.clocks.models import Clock
from cases.clocks.rehearsal import recount
from cases.messages import queue_message, track_url
from cases.models import Case, Message
from cases.queries import complainant_of
from cases.rules import no_power
from jike import calendars
from jike.accounts.roles import machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date
from jike.base.dates import now as current_instant
from jike.base.errors import UNASKED, Blocker
from jike.calendars.models import HolidayYear
from jike.outbox import jobs
from jike.verbs import verb
from jike.web.institution import institution

TOPIC = "clocks.recount"
MOVED = "clocks/messages/moved.2026-11"


def blockers_to_recount(case: Case, actor: Actor, *, now: datetime, family: Any = UNASKED) -> list[Blocker]:
    """Only a running clock that was provisional, and whose count the calendar has changed, is replaced."""
    found = no_power(actor, "clocks.recount")
    if family is not UNASKED and _changed(case, family) is None:
        found.append(Blocker("clock.unchanged", _("The calendar changes nothing in this time limit.")))
    return found


@verb(
    Case,
    "clocks.recount",
    label=_("Time limit counted again by the holiday notice"),
    blockers=blockers_to_recount,
    category="clock",
    by_hand=False,
)
def recount_clock(case: Case, *, actor: Actor, now: datetime, family: str) -> None:
    """Replace the provisional clock of `family` by its count on the calendar of today; the old one stays with its lines.

    Who files or is bound by it is told when the day moved. Source: house rule version.
    """
    changed = _changed(case, family)
    assert changed
    clock, after = changed
    ledger.put_in_place(case, clock, after, now=now)
    old, new = _day(clock.due_at), _day(after.at)
    case.tell(clock=clock.code, old=str(old or ""), new=str(new or ""), provisional=after.provisional)
    if old != new and clock.duty != Clock.Duty.INFO:
        _tell_consumer(case, clock, old=old, new=new, now=now)


def recount_all(*, now: datetime) -> int:
    """Count every provisional clock that runs again, each case in a transaction of its own; answers how many were replaced."""
    clock_machine, replaced = machine_actor("clock"), 0
    provisional = Clock.objects.filter(provisional=True, state__in=[Clock.State.RUNNING, Clock.State.SUSPENDED])
    for case_id, family in list(provisional.order_by("case_id", "family").values_list("case_id", "family")):
        case = Case.objects.get(pk=case_id)
        if _changed(case, family):
            recount_clock(case, actor=clock_machine, now=now, family=family)
            replaced += 1
    return replaced


@jobs.timer("clocks.recount")
def order_recount(now: datetime) -> None:
    """Once for every version of a holiday notice that came in."""
    newest = HolidayYear.objects.order_by("-imported_at", "-id").values_list("pk", flat=True).first()
    if newest and not jobs.Job.objects.filter(dedupe_key=f"{TOPIC}:{newest}").exists():
        jobs.post(TOPIC, key=f"{TOPIC}:{newest}", body={}, now=now)


@jobs.handler(TOPIC, queue="default", max_attempts=5, lease_seconds=600)
def recount_by_job(job: jobs.ClaimedJob) -> None:
    calendars.forget()
    recount_all(now=current_instant())


def _changed(case: Case, family: str) -> tuple[Clock, dates.Due] | None:
    """The running clock of `family` and its new count, when that says anything else than the old one."""
    clock = ledger.running(case, family=family)
    if clock is None or not clock.provisional:
        return None
    after = recount(clock, calendar=calendars.current())
    same = (clock.due_at, clock.provisional, clock.days_left) == (after.at, after.provisional, after.left)
    return None if same else (clock, after)


def _tell_consumer(case: Case, clock: Clock, *, old: Any, new: Any, now: datetime) -> None:
    party = complainant_of(case)
    if party is None:
        return
    answers = case.responsible_institution
    with override("zh-hans"), timezone.override(CST):
        words = {
            "institution": answers.letter_name if answers else institution().platform,
            "number": case.number,
            "clock": clock.label,
            "old": old,
            "new": new,
            "track_url": track_url(),
        }
        body = render_to_string(f"{MOVED}.txt", words).strip()
    queue_message(
        case, party, purpose=Message.Purpose.LETTER, channels=party.channels, subject="期限调整告知", body=body, now=now,
        template=MOVED,
    )  # fmt: skip


def _day(at: datetime | None) -> Any:
    return cst_date(at) if at else None
