"""May a passage of a complaint become a case of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.complaints.models import Complaint
from cases.inquiries.rules.filing import blockers_to_words
from cases.rules import ended, handler_only
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_split_off(
    case: Complaint, actor: Actor, *, now: datetime, nature: Any = UNASKED, text: Any = UNASKED
) -> list[Blocker]:
    """While the complaint goes on; whoever handles it says what the passage is. Source: O2020-3 art 2, art 32."""
    found = handler_only(case, actor, "complaints.split_off") + ended(case)
    return found + blockers_to_words(nature, text, field="text")
