"""What an accuser may do against a refusal, and the end of our help. Source: GACX2020 art 179."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import dates
from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.police import effect, reminders, words
from cases.police.actions.opening import end, say
from cases.police.models import PoliceReport
from cases.police.rules import remedies as rules
from cases.police.states import State
from jike import calendars
from jike.base.actors import Actor
from jike.base.dates import end_of_day
from jike.verbs import verb


@verb(
    PoliceReport,
    "police.ask_reconsideration",
    label=_("Record the request for reconsideration"),
    blockers=rules.blockers_to_ask_reconsideration,
)
def ask_reconsideration(case: PoliceReport, *, actor: Actor, now: datetime, asked_on: date, evidence: str) -> None:
    """The accuser asked the same organ to reconsider: not_docketed -> reconsidering. It decides within thirty days of receiving it."""
    case.mark_reconsidering(on=asked_on)
    clocks.stop(case, rules.RECON, at=min(now, end_of_day(asked_on)), now=now)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(asked_on=asked_on.isoformat())


@verb(
    PoliceReport,
    "police.record_reconsideration",
    label=_("Record that the refusal stands"),
    blockers=rules.blockers_to_record_reconsideration,
)
def record_reconsideration(case: PoliceReport, *, actor: Actor, now: datetime, number: str, received_on: date) -> None:
    """The reconsideration left the refusal as it is: seven days to ask the next higher organ begin. The state waits for that request."""
    case.reconsidered_on = received_on
    clock = clocks.start(case, rules.REREV, at=min(now, end_of_day(received_on)), now=now)
    reminders.post(case, clock, now=now)
    say(case, words.RECONSIDERED, now=now, decision_no=number.strip(), **reminders.days_of(clock).told(now=now))
    case.tell(received_on=received_on.isoformat())
    acts.add_note(case, actor=actor, now=now, text=number.strip())


@verb(
    PoliceReport,
    "police.correct_day",
    label=_("Correct the day of receipt"),
    blockers=rules.blockers_to_correct_day,
    category="clock",
)
def correct_day(case: PoliceReport, *, actor: Actor, now: datetime, received_on: date, reason: str) -> None:
    """Count the consumer's days from the day the paper was really received; the old count stays on record and the consumer is told.

    Source: GACX2020 art 179.
    """
    case.tell(was=str(rules.recorded_day(case)), received_on=received_on.isoformat())
    is_first = case.state == State.NOT_DOCKETED
    if is_first:
        case.refused_on = received_on
        effect.tell(case, now=now)
    else:
        case.reconsidered_on = received_on
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
    clock = clocks.running(case, family=rules.RECON if is_first else rules.REREV)
    if clock is None:  # whoever only reports has no days
        return
    after = dates.due(clock.rule, min(now, end_of_day(received_on)), calendar=calendars.current())
    counted = clocks.put_in_place(case, clock, after, now=now)
    reminders.post(case, counted, now=now)
    given = reminders.days_of(counted).told(now=now)
    say(case, words.REMIND_REMEDY, now=now, what=words.REMEDIES[counted.family], **given)


@verb(
    PoliceReport,
    "police.ask_rereview",
    label=_("Record the request for a second review"),
    blockers=rules.blockers_to_ask_rereview,
)
def ask_rereview(case: PoliceReport, *, actor: Actor, now: datetime, asked_on: date, evidence: str) -> None:
    """The accuser asked the next higher organ: reconsidering -> rereviewing. It decides within thirty days."""
    case.mark_rereviewing(on=asked_on)
    clocks.stop(case, rules.REREV, at=min(now, end_of_day(asked_on)), now=now)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(asked_on=asked_on.isoformat())


@verb(PoliceReport, "police.close", label=_("End the help"), blockers=rules.blockers_to_close)
def close_report(case: PoliceReport, *, actor: Actor, now: datetime, reason: str, waiver: str = "") -> None:
    """Nothing is left for us to do: -> closed. `waiver` is where the consumer said that an open remedy is not wanted."""
    had_remedy = rules.open_remedy(case, now=now) is not None
    case.mark_closed(at=now)
    end(case, actor=actor, now=now)
    text = "\n".join(part.strip() for part in (reason, waiver) if part.strip())
    acts.add_note(case, actor=actor, now=now, text=text)
    say(case, words.CLOSED, now=now)
    case.tell(waived=had_remedy)
