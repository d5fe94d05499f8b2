"""What the consumer says to a told decision: accepted or contested. Neither ends a right."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints import remedies, wordings
from cases.complaints.actions.reviewing import keep_words
from cases.complaints.models import Complaint, Statement
from cases.complaints.rules import stating as rules
from cases.complaints.rules.ending import CONTESTED
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.queries import complainant_of
from cases.wording import Wording
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.accept_decision",
    label=_("Accept the decision"),
    blockers=rules.blockers_to_accept_decision,
    category="message",
    by_hand=False,
)
def accept_decision(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Record that the consumer accepts the decision, with the text on what that means. Review, mediation and court stay open.

    Source: house statement, O2020-3 art 20.
    """
    _state(case, Statement.Kind.ACCEPTED, wordings.ACCEPTED, now=now)
    case.flags = [flag for flag in case.flags if flag != CONTESTED]


@verb(
    Complaint,
    "complaints.contest_decision",
    label=_("Contest the decision"),
    blockers=rules.blockers_to_contest_decision,
    category="message",
    by_hand=False,
)
def contest_decision(case: Complaint, *, actor: Actor, now: datetime, words: str) -> None:
    """Record that the consumer disagrees and why, name every way that is really open, and tell the handler.

    It is no request for a review: the consumer chooses the way. Source: house statement, O2020-3 art 19, art 20.
    """
    _state(case, Statement.Kind.CONTESTED, wordings.CONTESTED, words=words.strip(), now=now)
    keep_words(case, words.strip(), now=now)
    case.flags = sorted({*case.flags, CONTESTED})
    handlers = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    tell_about(case, handlers, "case.contested", key=f"contested:{case.decision_id}", now=now)


def _state(case: Complaint, kind: str, wording: Wording, *, now: datetime, words: str = "") -> None:
    """Keep the statement with the version of the text that was shown, and lay that text into the portal's inbox."""
    assert case.decision_id is not None
    statement = Statement(
        id=uuid7(), case_id=case.pk, decision_id=case.decision_id, kind=kind, words=words, said_at=now
    )
    statement.template = remedies.EFFECTS[kind]
    statement.save(force_insert=True)
    party = complainant_of(case)
    if party:
        effect = "\n".join(remedies.effect_of(case, kind, now=now))
        wording.queue(case, party, now=now, effect=effect)
    case.tell(statement=str(statement.pk), decision=str(case.decision_id))
