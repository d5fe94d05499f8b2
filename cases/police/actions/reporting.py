"""What the police were told, what they answered, and the days on which we ask them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.handling import acts
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.playbooks import end_tasks, raise_tasks
from cases.police import effect, reminders, words
from cases.police.actions.opening import say
from cases.police.models import PoliceReport
from cases.police.rules import reporting as rules
from cases.police.rules.remedies import RECON
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date, end_of_day
from jike.verbs import verb


@verb(
    PoliceReport,
    "police.record_visit",
    label=_("Record a report without a receipt"),
    blockers=rules.blockers_to_record_visit,
)
def record_visit(
    case: PoliceReport, *, actor: Actor, now: datetime, reported_on: date, organ: str, evidence: str
) -> None:
    """Somebody reported and was given no receipt: a task goes after it, and the consumer hears that it is owed.

    The state waits for the receipt. Source: GACX2020 art 171, house R54.
    """
    case.told_on, case.organ = reported_on, organ.strip()
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    raise_tasks(case, "police.record_visit", facts=set(), now=now)
    say(case, words.VISITED, now=now, organ=organ.strip())
    case.tell(reported_on=reported_on.isoformat())


@verb(
    PoliceReport, "police.record_report", label=_("Record the report with its receipt"), blockers=rules.blockers_to_record_report
)  # fmt: skip
def record_report(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    reported_by: str,
    organ: str,
    receipt_no: str,
    officer: str,
    accepted_on: date,
) -> None:
    """The police took the report and gave a receipt: -> reported. We ask how it stands after 3, 7 and 30 days.

    Source: GACX2020 art 171, POL2015-32, house R54.
    """
    case.mark_reported(
        by=reported_by, organ=organ.strip(), receipt_no=receipt_no.strip(), officer=officer.strip(), on=accepted_on
    )
    for code in rules.FOLLOW_UPS:
        clock = clocks.start(case, code, at=min(now, end_of_day(accepted_on)), now=now)
        reminders.post(case, clock, now=now)
    end_tasks(case, "receipt", actor=actor, now=now)
    effect.tell(case, now=now)
    say(case, words.REPORTED, now=now, organ=case.organ, receipt_no=case.receipt_no, accepted_on=accepted_on)
    case.tell(accepted_on=accepted_on.isoformat(), by=reported_by)


@verb(
    PoliceReport,
    "police.begin_review",
    label=_("Record that the police review it"),
    blockers=rules.blockers_to_begin_review,
)
def begin_review(case: PoliceReport, *, actor: Actor, now: datetime, evidence: str) -> None:
    """The review before filing began: reported -> reviewing. The days of follow-up go on. Source: POL2015-32."""
    case.mark_reviewing()
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())


@verb(
    PoliceReport,
    "police.follow_up",
    label=_("Record that we asked the police"),
    blockers=rules.blockers_to_follow_up,
    category="message",
)
def follow_up(case: PoliceReport, *, actor: Actor, now: datetime, evidence: str) -> None:
    """What the police said when we asked; the days of follow-up that have come are done with it."""
    done = [
        clock.family
        for clock in case.open_clocks
        if clock.family in rules.FOLLOW_UPS and clock.due_at and cst_date(clock.due_at) <= cst_date(now)
    ]
    for family in done:
        clocks.stop(case, family, at=now, now=now)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(done=",".join(sorted(done)))


@verb(PoliceReport, "police.docket", label=_("Record that the police filed it"), blockers=rules.blockers_to_docket)
def docket(case: PoliceReport, *, actor: Actor, now: datetime, docket_no: str, docketed_on: date) -> None:
    """The police opened a case: -> docketed. No day is left to wait for."""
    case.mark_docketed(number=docket_no.strip())
    clocks.stop_all(case, at=now, now=now)
    say(case, words.DOCKETED, now=now, organ=case.organ, docket_no=case.docket_no)
    effect.tell(case, now=now)
    case.tell(docketed_on=docketed_on.isoformat())


@verb(
    PoliceReport,
    "police.record_end",
    label=_("Record how the criminal case ended"),
    blockers=rules.blockers_to_record_end,
)
def record_end(case: PoliceReport, *, actor: Actor, now: datetime, how: str, known_on: date, evidence: str) -> None:
    """The criminal case was withdrawn, not prosecuted, or judged: from the day that is known on, or in force, the limitation of the
    consumer's own claim counts anew. The state stays. Source: LIM2020, house R49.
    """
    case.case_end, case.case_ended_on = how, known_on
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    effect.tell(case, now=now)
    say(case, words.CASE_ENDED, now=now, how=words.ENDS[how], known_on=known_on)
    case.tell(how=how, known_on=known_on.isoformat())


@verb(
    PoliceReport,
    "police.record_refusal",
    label=_("Record that the police did not file it"),
    blockers=rules.blockers_to_record_refusal,
)
def record_refusal(case: PoliceReport, *, actor: Actor, now: datetime, refusal_no: str, received_on: date) -> None:
    """The notice that no case is filed was received: -> not_docketed. A victim who accuses has seven days for a reconsideration; both
    readings of the last day are told, and the strict one is reminded. Source: GACX2020 art 178, art 179, house R54.
    """
    case.mark_not_docketed(number=refusal_no.strip(), on=received_on)
    clocks.stop_all(case, at=now, now=now)
    effect.tell(case, now=now)
    case.tell(received_on=received_on.isoformat(), has_remedy=case.is_accuser)
    if not case.is_accuser:
        say(case, words.REFUSED, now=now, organ=case.organ, refusal_no=case.refusal_no)
        return
    clock = clocks.start(case, RECON, at=min(now, end_of_day(received_on)), now=now)
    reminders.post(case, clock, now=now)
    given = reminders.days_of(clock).told(now=now)
    say(case, words.REFUSED_ACCUSER, now=now, organ=case.organ, refusal_no=case.refusal_no, **given)


@verb(
    PoliceReport,
    "police.remind",
    label=_("Reminded of a day"),
    blockers=rules.blockers_to_remind,
    category="clock",
    by_hand=False,
)
def record_reminder(case: PoliceReport, *, actor: Actor, now: datetime, clock: Clock, day: date) -> None:
    """A day comes on which we ask the police, or by which the consumer may ask for a remedy: handler and consumer hear of it."""
    days = reminders.days_of(clock)
    is_remedy = clock.family not in rules.FOLLOW_UPS
    if is_remedy:
        say(case, words.REMIND_REMEDY, now=now, what=words.REMEDIES[clock.family], **days.told(now=now))
    else:
        count = clock.rule.length
        say(case, words.REMIND_FOLLOW_UP, now=now, organ=case.organ, receipt_no=case.receipt_no, count=count)
    handlers = People([case.unit_id], [case.assignee_id]).handler(case.assignee_id, case.unit_id)
    told = {"clock": clock.code, "due": days.strict.isoformat()}
    key = f"reminded:{case.pk}:{clock.family}:{day.isoformat()}"
    tell_about(case, handlers, "case.reminded", key=key, now=now, **told)
    case.tell(
        reminded=clock.code,
        strict=days.strict.isoformat(),
        last=days.last.isoformat(),
        at=now.astimezone(CST).isoformat(timespec="minutes"),
    )
