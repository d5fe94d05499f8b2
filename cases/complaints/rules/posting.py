"""May it be recorded that a letter was posted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.handling.proof_rules import ART, blockers_to_prove
from cases.messages import letters_without_post
from cases.models import Message
from cases.rules import handler_only
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_record_post(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    letter: Any = UNASKED,
    evidence: Any = UNASKED,
    sent_at: Any = UNASKED,
) -> list[Blocker]:
    """Only a letter that exists on paper can have been posted, and each once. Source: O2020-3 art 21."""
    found, waiting = handler_only(case, actor, "complaints.record_post"), letters_without_post(case)
    if not waiting:
        found.append(Blocker("letter.none", _("No printed letter of this case is left to be posted.")))
    elif letter is not UNASKED and letter not in waiting:
        found.append(Blocker("letter.unknown", _("Choose the letter that was posted."), ART, "letter"))
    since = letter.created_at if isinstance(letter, Message) else None
    return found + blockers_to_prove(
        actor, now=now, since=since, proof=UNASKED, manner=UNASKED, evidence=evidence, sent_at=sent_at
    )
