"""What is done on an inquiry as on every case: taking it, notes, messages, keeping somebody from it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts, rules
from cases.handling.verbs import shared_verbs
from cases.inquiries import words
from cases.inquiries.models import Inquiry
from cases.models import Message
from jike.base.actors import Actor
from jike.verbs import verb

_shared = shared_verbs(Inquiry, "inquiries")
claim_inquiry, assign_inquiry, auto_assign = _shared.claim, _shared.assign, _shared.auto_assign
add_note = _shared.note
recuse_oneself, request_recusal, decide_recusal = _shared.recuse, _shared.request_recusal, _shared.decide_recusal
lift_recusal, recuse_by_relation = _shared.lift_recusal, _shared.recuse_by_relation


@verb(
    Inquiry,
    "inquiries.message",
    label=_("Write to the consumer"),
    blockers=rules.blockers_to_message,
    category="message",
)
def send_message(
    case: Inquiry, *, actor: Actor, now: datetime, text: str, channel: str = Message.Channel.INBOX
) -> None:
    """Write to whoever asked or reported, or from them to the handler. The answer itself is `answer_inquiry`."""
    acts.write(case, actor=actor, now=now, text=text, channel=channel, subject=words.PROGRESS)
