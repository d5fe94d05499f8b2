"""Working on a case: who handles it, what is noted and said. Bodies of verbs: the case is locked, the rules have been asked."""

from __future__ import annotations

from datetime import datetime

from cases.messages import queue_message
from cases.models import Case, Message, Note, Party
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.queries import complainant_of
from cases.staffing import candidates_for
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.ids import uuid7


def claim(case: Case, *, actor: Actor, now: datetime) -> None:
    """Take an unassigned case of one's own unit from the pool. No message: the consumer hears a name at acceptance."""
    case.assignee_id = actor.user
    case.tell(assignee=str(actor.id))


def assign(case: Case, *, actor: Actor, now: datetime, to: User) -> None:
    """Give a case to a handler of the unit who is on duty. Refused while a decision waits for approval."""
    case.tell(assignee=str(to.pk), from_assignee=str(case.assignee_id) if case.assignee_id else None)
    case.assignee = to
    tell_about(case, [to], "case.assigned", key=f"assigned:{case.pk}:{case.version}", now=now)


def auto_assign(case: Case, *, actor: Actor, now: datetime) -> None:
    """Give the case to whoever is on duty, not recused, skilled in the matter and has the least to do.

    Refused when nobody is left: the case then waits for a supervisor, never for a random person. Source: O2020-3 art 17.
    """
    best = candidates_for(case, now=now)[0]
    case.tell(
        assignee=str(best.user.pk),
        from_assignee=str(case.assignee_id) if case.assignee_id else None,
        load=best.load.weight,
        skilled=best.is_skilled,
    )
    case.assignee = best.user


def add_note(case: Case, *, actor: Actor, now: datetime, text: str) -> None:
    """Keep a note for colleagues. No party ever sees it."""
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=text, created_at=now)
    case.tell(note=str(note.pk))


def write(case: Case, *, actor: Actor, now: datetime, text: str, channel: str, subject: str) -> None:
    """Write to the consumer; or, when the consumer acts, to the handler. Staff messages leave through the outbox.

    A staff message always lies in the portal inbox too, so that the consumer finds the whole correspondence in one place.
    """
    party = complainant_of(case)
    if actor.is_staff:
        channels = [Message.Channel.INBOX.value, *([channel] if channel != Message.Channel.INBOX else [])]
        sent = queue_message(
            case, party, purpose=Message.Purpose.LETTER, channels=channels, subject=subject, body=text, now=now
        )
        case.tell(message=str(sent[-1].pk), channel=channel, direction="out")
        return
    take(case, actor=actor, now=now, text=text, party=party)


def take(case: Case, *, actor: Actor, now: datetime, text: str, party: Party | None = None) -> None:
    """Keep what a side wrote in the portal or behind a link, and tell whoever handles the case. No other side reads it."""
    is_merchant = actor.kind == "merchant"
    message = Message.objects.create(
        id=uuid7(),
        case_id=case.pk,
        party=party,
        audience=Message.Audience.MERCHANT if is_merchant else Message.Audience.CONSUMER,
        channel=Message.Channel.INBOX,
        purpose=Message.Purpose.ANSWER,
        is_incoming=True,
        subject="",
        body=text,
        created_at=now,
    )
    case.tell(message=str(message.pk), channel="inbox", direction="in")
    code = "case.merchant_wrote" if is_merchant else "case.answered"
    tell_handler(case, code, key=f"answered:{message.pk}", now=now)


def tell_handler(case: Case, code: str, *, key: str, now: datetime) -> None:
    """Tell whoever handles the case, or stands in for them, of something that happened in it."""
    handlers = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    tell_about(case, handlers, code, key=key, now=now)
