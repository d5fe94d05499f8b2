"""May a question or a report be registered, and may one become a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.inquiries.models import Inquiry
from cases.inquiries.states import CHOSEN, Nature
from cases.models import Case
from cases.queries import complainant_of
from cases.rules import PART_LIMIT, handler_only, missing, no_power, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

WORDS_LIMIT = 24_000
"""A whole complaint, claim and facts, fits in."""


def blockers_to_file(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    nature: Any = UNASKED,
    narrative: Any = UNASKED,
    name: Any = "",
    phone: Any = "",
    received_at: Any = UNASKED,
    **facts: Any,
) -> list[Blocker]:
    """Whoever asks is to be answered, so name and number are needed; a report may come without either. Source: O2020-3 art 2."""
    found = no_power(actor, "inquiries.file") + blockers_to_words(nature, narrative)
    if nature is not UNASKED and not is_anonymous(nature, name, phone):
        found += missing(name, "name", _("Give the name. Only a report may come without name and number."))
        found += missing(phone, "phone", _("Give the number for the answer. Only a report may come without."))
    found += too_long(name, "name", 60)
    if received_at and received_at > now:
        found.append(Blocker("received_at.future", _("The time of receipt lies in the future."), field="received_at"))
    return found


def is_anonymous(nature: str, name: str, phone: str) -> bool:
    """A report to which nobody puts name and number: a clue. Source: house R17."""
    return nature == Nature.REPORT and not (name.strip() or phone.strip())


def blockers_to_words(nature: Any, text: Any, *, field: str = "narrative") -> list[Blocker]:
    """What somebody asked or reported, and which of the two it is: a person says so. Source: O2020-3 art 2, art 32."""
    found = []
    if nature is not UNASKED and nature not in CHOSEN:
        found.append(
            Blocker("nature.unknown", _("Say whether it is a question or a report."), "O2020-3 art 2", "nature")
        )
    found += missing(text, field, _("Give the words of the question or of the report."))
    return found + too_long(text, field, WORDS_LIMIT)


def blockers_to_file_from(
    case: None, actor: Actor, *, now: datetime, origin: Case, nature: Any, narrative: Any, **facts: Any
) -> list[Blocker]:
    """A part of another case, or the whole of it: whoever it came from is to be known there."""
    found = no_power(actor, "inquiries.file_from") + blockers_to_words(nature, narrative)
    if complainant_of(origin) is None:
        found.append(Blocker("contact.none", _("Nobody is known to whom an answer could go.")))
    return found


def blockers_to_convert(
    case: Inquiry,
    actor: Actor,
    *,
    now: datetime,
    claim: Any = UNASKED,
    narrative: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """A claim of one's own by somebody who is known. What a complaint must hold is asked of the complaint. Source: O2020-3 art 2, art 13."""
    found = handler_only(case, actor, "inquiries.convert") + wrong_state(case, case.mark_converted)
    if not found and case.is_anonymous:
        message = _("Nobody put a name to it. Whoever claims something files a complaint with name and number.")
        found.append(Blocker("contact.none", message, "O2020-3 art 13"))
    found += missing(claim, "claim", _("Say what the person asks for."), "O2020-3 art 13")
    found += missing(narrative, "narrative", _("Say what happened."), "O2020-3 art 13")
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
