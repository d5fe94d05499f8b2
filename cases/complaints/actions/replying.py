"""One reply text of the house, with the blanks filled for each case: what many consumers are told alike."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import replying as rules
from cases.messages import queue_message
from cases.models import Message
from cases.policy.variables import filled
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.send_reply",
    label=_("Send a reply text"),
    blockers=rules.blockers_to_send_reply,
    category="message",
)
def send_reply(
    case: Complaint, *, actor: Actor, now: datetime, reply: str, channel: str = Message.Channel.INBOX
) -> None:
    """Send the version `reply` of a reply text, filled for this case, to its consumer; it always lies in the portal inbox too."""
    chosen = rules.reply_in_force(reply, now=now)
    assert chosen is not None
    sent = queue_message(
        case,
        complainant_of(case),
        purpose=Message.Purpose.LETTER,
        channels=[Message.Channel.INBOX.value, *([channel] if channel != Message.Channel.INBOX else [])],
        subject="投诉处理进展",
        body=filled(chosen.text, case, actor),
        now=now,
    )
    case.tell(message=str(sent[-1].pk), channel=channel, direction="out", reply=chosen.version)
