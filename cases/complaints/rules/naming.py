"""May the salesperson of a complaint be named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.rules import ended, handler_only, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_name_salesperson(
    case: Complaint, actor: Actor, *, now: datetime, name: Any = UNASKED, code: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.name_salesperson") + ended(case)
    asked = name is not UNASKED or code is not UNASKED
    if asked and not any(str(given).strip() for given in (name, code) if given):
        found.append(Blocker("salesperson.missing", _("Give the salesperson's name or code."), field="name"))
    return found + too_long(name, "name", 60) + too_long(code, "code", 40)
