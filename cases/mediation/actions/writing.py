"""Words between one side and whoever mediates; the other side never reads them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts
from cases.mediation import words
from cases.mediation.models import Mediation
from cases.mediation.news import tell_merchant
from cases.mediation.rules import writing as rules
from cases.mediation.states import Side
from cases.messages import queue_message
from cases.models import Message
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(
    Mediation,
    "mediation.ask_mediator",
    label=_("Mediator asked to step in"),
    blockers=rules.blockers_to_ask_mediator,
    category="message",
    by_hand=False,
)
def ask_mediator(case: Mediation, *, actor: Actor, now: datetime, text: str) -> None:
    """A side asks whoever mediates to step in, in confidence: the other side never reads it."""
    acts.take(
        case, actor=actor, now=now, text=text.strip(), party=complainant_of(case) if actor.kind == "consumer" else None
    )


@verb(
    Mediation,
    "mediation.write",
    label=_("Write to one side"),
    blockers=rules.blockers_to_write,
    category="message",
)
def write_to_side(case: Mediation, *, actor: Actor, now: datetime, side: str, text: str) -> None:
    """Whoever mediates writes to one side, which reads it on its page alone; a text message or e-mail says only that there is something.

    Source: house audiences.
    """
    party = complainant_of(case) if side == Side.CONSUMER else None
    if party:
        inbox, purpose = [Message.Channel.INBOX.value], Message.Purpose.LETTER
        (message,) = queue_message(case, party, purpose=purpose, channels=inbox, subject="", body=text.strip(), now=now)
        words.WRITTEN.queue(case, party, now=now, origin=words.origin_of(case))
    else:
        message = Message(
            id=uuid7(),
            case_id=case.pk,
            audience=Message.Audience.MERCHANT,
            channel=Message.Channel.INBOX,
            purpose=Message.Purpose.LETTER,
            subject="",
            body=text.strip(),
            created_at=now,
        )
        case.bring(message)
        tell_merchant(case, actor, about=message.pk, now=now, is_message=True)
    case.tell(message=str(message.pk), side=str(side), direction="out")
