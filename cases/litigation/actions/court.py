"""What goes to the court and what comes from it: handing in, number, periods, hearings, served papers."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.litigation import counting, reminders, words
from cases.litigation.limitation import Kind
from cases.litigation.models import Hearing, Litigation, Served
from cases.litigation.rules import court as rules
from cases.litigation.states import Procedure, State
from cases.wording import with_time
from jike.base.actors import Actor
from jike.base.dates import end_of_day
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Litigation, "litigation.file", label=_("Record that it was handed in"), blockers=rules.blockers_to_file)
def file_claim(case: Litigation, *, actor: Actor, now: datetime, filed_on: date, receipt: str) -> None:
    """The papers are at the court: sealed -> filed. Its seven days begin, and limitation is interrupted. Source: CPL art 126, CC art 195."""
    case.mark_filed(on=filed_on)
    acts.add_note(case, actor=actor, now=now, text=receipt.strip())
    counting.add_fact(case, Kind.SUIT, on=filed_on, evidence=receipt, actor=actor, now=now)
    counting.start(case, "FILE7", at=min(now, end_of_day(filed_on)), now=now)
    case.tell(filed=filed_on.isoformat())
    words.tell(case, words.FILED, now=now, court=case.court, filed_on=filed_on)


@verb(Litigation, "litigation.docket", label=_("Record the number of the court"), blockers=rules.blockers_to_docket)
def docket_claim(
    case: Litigation, *, actor: Actor, now: datetime, docketed_on: date, number: str, procedure: str
) -> None:
    """The court accepted it: filed -> docketed. Source: CPL art 126."""
    case.mark_docketed(on=docketed_on, number=number.strip(), procedure=procedure)
    clocks.stop(case, "FILE7", at=min(now, end_of_day(docketed_on)), now=now)
    case.tell(docketed=docketed_on.isoformat(), procedure=procedure)
    is_small = procedure == Procedure.SMALL
    words.tell(case, words.DOCKETED, now=now, court=case.court, docket=case.docket_number, is_small=is_small)


@verb(Litigation, "litigation.reject", label=_("Record that the court turned it down"), blockers=rules.blockers_to_reject)  # fmt: skip
def record_rejection(
    case: Litigation, *, actor: Actor, now: datetime, rejection: str, served_on: date, evidence: str
) -> None:
    """A ruling not to accept, or to dismiss without a judgment: -> court_rejected. Ten days to appeal begin, and limitation counts anew.

    Source: CPL art 126, CPL art 157, CPL art 171, CC art 195.
    """
    final_at_once = case.is_final_at_once
    case.mark_court_rejected(rejection=rejection, served_on=served_on)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    add_served(case, Served.What.RULING, served_on, "", actor=actor, now=now)
    for family in ("FILE7", "EVI"):
        clocks.stop(case, family, at=now, now=now)
    counting.end_suit(case, until=served_on, now=now)
    until = None if final_at_once else start_appeal(case, "APPEAL_RULING", served_on, now=now)
    case.tell(rejection=rejection, served=served_on.isoformat())
    words.tell(case, words.REJECTED, now=now, court=case.court, until=until)


def start_appeal(case: Litigation, code: str, served_on: date, *, now: datetime) -> datetime | None:
    """Begin the days of an appeal with the service; its last moment. Source: CPL art 171."""
    return counting.start(case, code, at=min(now, end_of_day(served_on)), now=now).due_at


@verb(
    Litigation, "litigation.set_evidence_limit", label=_("Record the time to hand in evidence"), blockers=rules.blockers_to_set_evidence_limit
)  # fmt: skip
def set_evidence_limit(case: Litigation, *, actor: Actor, now: datetime, served_on: date, days: int) -> None:
    """As the court set it, from the day its notice arrived; another one takes the place of the one before. Source: EVID2019 art 51."""
    may = rules.evidence_days(case)
    assert may is not None
    counting.start(case, may.code, at=min(now, end_of_day(served_on)), now=now, length=days)
    add_served(case, Served.What.EVIDENCE, served_on, "", actor=actor, now=now)
    case.tell(days=days, served=served_on.isoformat())


@verb(
    Litigation, "litigation.schedule_hearing", label=_("Record a hearing to come"), blockers=rules.blockers_to_schedule_hearing
)  # fmt: skip
def schedule_hearing(case: Litigation, *, actor: Actor, now: datetime, at: datetime, place: str) -> None:
    """The court named day and place; the consumer is told and reminded. Source: CPL art 139, house lawsuit reminders."""
    row = Hearing(
        id=uuid7(),
        case_id=case.pk,
        seq=len(case.known_hearings) + 1,
        at=at,
        place=place.strip(),
        scheduled_by_id=actor.user,
        scheduled_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_hearings")
    reminders.of_hearing(row, now=now)
    case.tell(hearing=str(row.pk), seq=row.seq)
    words.tell(case, words.HEARING, now=now, court=case.court, at=with_time(at), place=row.place)


@verb(Litigation, "litigation.hold_hearing", label=_("Record that a hearing was held"), blockers=rules.blockers_to_hold_hearing)  # fmt: skip
def hold_hearing(case: Litigation, *, actor: Actor, now: datetime, hearing: Hearing, note: str) -> None:
    """It was held: docketed -> hearing; above, the state stays as it is."""
    if case.state != State.APPEALING:
        case.mark_heard()
    _end_hearing(case, hearing, Hearing.Came.HELD, note, now=now)


@verb(Litigation, "litigation.cancel_hearing", label=_("Record that a hearing was called off"), blockers=rules.blockers_to_cancel_hearing)  # fmt: skip
def cancel_hearing(case: Litigation, *, actor: Actor, now: datetime, hearing: Hearing, note: str) -> None:
    """It is not held; another date is another hearing. Source: CPL art 149."""
    row = _end_hearing(case, hearing, Hearing.Came.OFF, note, now=now)
    words.tell(case, words.HEARING_OFF, now=now, court=case.court, at=with_time(row.at))


def _end_hearing(case: Litigation, hearing: Hearing, came: str, note: str, *, now: datetime) -> Hearing:
    row = next(known for known in case.known_hearings if known.pk == hearing.pk)
    row.came, row.note, row.ended_at = came, note.strip(), now
    row.save(update_fields=["came", "note", "ended_at"])
    case.tell(hearing=str(row.pk), seq=row.seq)
    return row


@verb(Litigation, "litigation.record_service", label=_("Record a paper from the court"), blockers=rules.blockers_to_record_service)  # fmt: skip
def record_service(
    case: Litigation, *, actor: Actor, now: datetime, what: str, served_on: date, note: str = ""
) -> None:
    """A paper the court served, and the day it arrived."""
    row = add_served(case, what, served_on, note, actor=actor, now=now)
    case.tell(served_paper=str(row.pk), what=what)


def add_served(case: Litigation, what: str, served_on: date, note: str, *, actor: Actor, now: datetime) -> Served:
    row = Served(
        id=uuid7(),
        case_id=case.pk,
        seq=case.served_papers.count() + 1,
        what=what,
        served_on=served_on,
        note=note.strip(),
        recorded_by_id=actor.user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    return row
