"""What is done on an inquiry as on every case: taking it, notes, messages, keeping somebody from it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts, recusal, recusal_rules, rules
from cases.inquiries import words
from cases.inquiries.models import Inquiry
from cases.models import Message
from jike.base.actors import Actor
from jike.verbs import verb

claim_inquiry = verb(Inquiry, "inquiries.claim", label=_("Take this case"), blockers=rules.blockers_to_claim)(
    acts.claim
)

assign_inquiry = verb(Inquiry, "inquiries.assign", label=_("Assign to somebody"), blockers=rules.blockers_to_assign)(
    acts.assign
)

auto_assign = verb(
    Inquiry, "inquiries.auto_assign", label=_("Assign to the best handler"), blockers=rules.blockers_to_auto_assign
)(acts.auto_assign)

add_note = verb(
    Inquiry, "inquiries.note", label=_("Add an internal note"), blockers=rules.blockers_to_note, category="message"
)(acts.add_note)


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


recuse_oneself = verb(
    Inquiry,
    "inquiries.recuse",
    label=_("Recuse myself"),
    blockers=recusal_rules.blockers_to_recuse,
    category="access",
)(recusal.recuse_oneself)

request_recusal = verb(
    Inquiry,
    "inquiries.request_recusal",
    label=_("Ask for a recusal"),
    blockers=recusal_rules.blockers_to_request_recusal,
    category="access",
)(recusal.request_recusal)


@verb(
    Inquiry,
    "inquiries.decide_recusal",
    label=_("Decide on a recusal"),
    blockers=recusal_rules.blockers_to_decide_recusal,
    category="access",
)
def decide_recusal(case: Inquiry, *, actor: Actor, now: datetime, verdict: str, reason: str) -> None:
    """Grant or refuse the recusal that a colleague asked for. Source: O2020-3 art 17."""
    recusal.decide_recusal(case, actor=actor, now=now, verdict=verdict, reason=reason)


lift_recusal = verb(
    Inquiry,
    "inquiries.lift_recusal",
    label=_("Lift a recusal"),
    blockers=recusal_rules.blockers_to_lift_recusal,
    category="access",
)(recusal.lift_recusal)

recuse_by_relation = verb(
    Inquiry,
    "inquiries.recuse_by_relation",
    label=_("Recused by a known relation"),
    blockers=recusal_rules.blockers_to_recuse_by_relation,
    category="access",
    by_hand=False,
)(recusal.recuse_by_relation)
