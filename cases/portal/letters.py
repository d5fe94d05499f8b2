"""Everything written between a consumer and the house on one case, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from cases.models import Case, Delivery, Message
from cases.queries import messages_for
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed


@dataclass(slots=True)
class Letter:
    """One text between house and consumer, whatever channels it took. `sent` lists them with their times, `paper` is the letter's code."""

    purpose: str
    label: Text
    text: str
    at: datetime
    is_mine: bool
    anchor: str
    paper: str = ""
    sent: list[Delivery] = field(default_factory=list)

    @property
    def manners(self) -> str:
        """The channels that took it, in the order they did."""
        return "、".join(dict.fromkeys(str(delivery.get_manner_display()) for delivery in self.sent))


def letters_of(case: Case, actor: Actor) -> list[Letter]:
    """Everything written to and by the consumer, oldest first. A notice appears when the first channel has taken it."""
    found: list[Letter] = []
    rows = messages_for(actor, case)
    for _same, group in groupby(rows, key=lambda m: (m.created_at, m.purpose, m.is_incoming)):
        copies = list(group)
        sent = sorted((m.delivery for m in copies if hasattr(m, "delivery")), key=lambda d: d.sent_at)
        first = next((m for m in copies if m.channel == Message.Channel.INBOX), copies[0])
        if first.is_incoming or sent:
            label = _("You wrote") if first.is_incoming else first.get_purpose_display()
            text, anchor = open_sealed(first, "body"), f"letter-{len(found) + 1}"
            paper = next((m.paper.code for m in copies if hasattr(m, "paper")), "")
            found.append(Letter(first.purpose, label, text, first.created_at, first.is_incoming, anchor, paper, sent))
    return found
