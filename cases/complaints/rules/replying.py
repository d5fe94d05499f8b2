"""May a reply text of the house be sent to the consumer of a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.handling.rules import blockers_to_channel
from cases.policy import in_force
from cases.policy.in_force import Reply
from cases.policy.variables import blanks_of, filled, open_blanks
from cases.rules import ended, handler_or_supervisor, too_long
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

SMS_LIMIT = 500


def reply_in_force(version: str, *, now: datetime) -> Reply | None:
    """Exactly the version that was chosen: a text replaced since then is not sent in its place."""
    return next((reply for reply in in_force.replies(on=cst_date(now)) if reply.version == version), None)


def blockers_to_send_reply(
    case: Complaint, actor: Actor, *, now: datetime, reply: Any = UNASKED, channel: Any = UNASKED
) -> list[Blocker]:
    """A blank this case cannot fill keeps the text from being sent: nobody fills it by hand where one text goes to many."""
    found = handler_or_supervisor(case, actor, "complaints.send_reply") + ended(case)
    if channel is not UNASKED:
        found += blockers_to_channel(case, actor, channel)
    if reply is UNASKED or found:
        return found
    chosen = reply_in_force(reply, now=now)
    if chosen is None:
        return [Blocker("reply.not_in_force", _("Choose a reply text that is in force today."), field="reply")]
    text = filled(chosen.text, case, actor)
    if words := blanks_of(text):
        found.append(Blocker("message.blanks", open_blanks(words), field="reply"))
    return found + (too_long(text, "reply", SMS_LIMIT) if channel == "sms" else [])
