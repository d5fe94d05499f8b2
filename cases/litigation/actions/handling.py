"""What is done on a litigation as on every case: taking it, notes, writing to the consumer, keeping somebody from it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts, rules
from cases.handling.verbs import shared_verbs
from cases.litigation.models import Litigation
from cases.models import Message
from jike.base.actors import Actor
from jike.verbs import verb

SUBJECT = "诉讼支持进展"
_shared = shared_verbs(Litigation, "litigation")
claim_litigation, assign_litigation, auto_assign = _shared.claim, _shared.assign, _shared.auto_assign
add_note = _shared.note
recuse_oneself, request_recusal, decide_recusal = _shared.recuse, _shared.request_recusal, _shared.decide_recusal
lift_recusal, recuse_by_relation = _shared.lift_recusal, _shared.recuse_by_relation


@verb(
    Litigation,
    "litigation.message",
    label=_("Write to the consumer"),
    blockers=rules.blockers_to_message,
    category="message",
)
def send_message(
    case: Litigation, *, actor: Actor, now: datetime, text: str, channel: str = Message.Channel.INBOX
) -> None:
    """Write to the consumer, or from the consumer to counsel."""
    acts.write(case, actor=actor, now=now, text=text, channel=channel, subject=SUBJECT)
