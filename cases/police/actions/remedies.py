"""What an accuser may do against a refusal, and the end of our help. Source: GACX2020 art 179."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.police import reminders, words
from cases.police.actions.opening import end, say
from cases.police.models import PoliceReport
from cases.police.rules import remedies as rules
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
    days = reminders.days_of(clock)
    given = {"strict": days.strict, "last": days.last, "is_rolled": days.is_rolled}
    say(case, words.RECONSIDERED, now=now, decision_no=number.strip(), **given)
    case.tell(received_on=received_on.isoformat())
    acts.add_note(case, actor=actor, now=now, text=number.strip())


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
