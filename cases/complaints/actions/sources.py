"""One grievance, many doors: further arrivals of the same complaint, what each was answered, and the funder's part."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints import counting
from cases.complaints.models import Complaint
from cases.complaints.rules import sources as rules
from cases.models import Forwarding, Source, SourceReply
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.add_source", label=_("Add a source"), blockers=rules.blockers_to_add_source)
def add_source(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    external_id: str,
    received_at: datetime,
    supervisor_received_at: datetime | None = None,
    transferred_at: datetime | None = None,
    reason: str = "",
) -> None:
    """The same grievance came another way too: one case, one more source, with its own answer.

    The statutory count begins with the earliest receipt by us or the funder in any channel: an earlier one moves the start, the
    count so far stays in the history. Source: O2020-3 art 18, art 33.
    """
    source = Source(
        id=uuid7(),
        case_id=case.pk,
        name=name,
        external_id=external_id,
        received_at=received_at,
        supervisor_received_at=supervisor_received_at,
        transferred_at=transferred_at,
    )
    source.save(force_insert=True)
    case.tell(source=str(source.pk), name=name)
    if supervisor_received_at and transferred_at:
        _show_transfer(case, supervisor_received_at, transferred_at, now=now)
    if received_at < case.received_at:
        _count_from(case, received_at, now=now)


def _show_transfer(case: Complaint, since: datetime, until: datetime, *, now: datetime) -> None:
    """The supervisor's own seven working days beside our clocks, for information: late or not, no date of ours moves."""
    clock = clocks.start(case, "SUP_FWD", at=since, now=now)
    clocks.stop(case, "SUP_FWD", at=until, now=now)
    case.tell(transfer_due=_iso(clock.due_at), transferred=until.isoformat())


def _count_from(case: Complaint, at: datetime, *, now: datetime) -> None:
    case.tell(was_received=case.received_at.isoformat(), received=at.isoformat())
    if moved := counting.move_receipt(case, at, now=now):
        old, new = moved
        case.tell(clock=new.code, was_due=_iso(old.due_at), due=_iso(new.due_at))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


@verb(
    Complaint,
    "complaints.reply_source",
    label=_("Record the answer to a source"),
    blockers=rules.blockers_to_reply_source,
)
def reply_source(
    case: Complaint, *, actor: Actor, now: datetime, source: Source, text: str, replied_at: datetime | None = None
) -> None:
    """What one source was answered, and when. The other sources keep waiting for theirs."""
    reply = SourceReply(
        id=uuid7(), case_id=case.pk, source=source, body=text, replied_at=replied_at or now, recorded_at=now
    )
    reply.recorded_by_id = actor.user
    reply.save(force_insert=True)
    case.tell(source=str(source.pk), reply=str(reply.pk))


@verb(
    Complaint,
    "complaints.forward_to_funder",
    label=_("Pass on to the funder"),
    blockers=rules.blockers_to_forward_to_funder,
)
def forward_to_funder(case: Complaint, *, actor: Actor, now: datetime, words: str) -> None:
    """Pass the complaint on to the funder. Due three days after the earliest receipt; kept as a clock, late or in time.

    The statutory count of 15 days runs on for both. Source: house FUNDER.
    """
    assert case.funder is not None
    row = Forwarding(id=uuid7(), case_id=case.pk, funder=case.funder, words=words, forwarded_at=now)
    clock = clocks.start(case, "FUNDER", at=case.received_at, now=now)
    assert clock.due_at is not None
    row.due_at, row.forwarded_by_id = clock.due_at, actor.user
    row.save(force_insert=True)
    clocks.stop(case, "FUNDER", at=now, now=now)
    case.tell(forwarding=str(row.pk), funder=str(case.funder_id), due=_iso(row.due_at))


@verb(
    Complaint,
    "complaints.record_funder_reply",
    label=_("Record the funder's answer"),
    blockers=rules.blockers_to_record_funder_reply,
)
def record_funder_reply(
    case: Complaint, *, actor: Actor, now: datetime, text: str, replied_at: datetime | None = None
) -> None:
    """What the funder answered. It resets no time limit. Source: house FUNDER."""
    row = Forwarding.objects.get(case_id=case.pk, replied_at=None)
    row.replied_at, row.reply = replied_at or now, text
    row.save(update_fields=["replied_at", "reply"])
    case.tell(forwarding=str(row.pk))
