"""May a paper be added, and if not, every reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.rules import ended, handler_only
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_attach(
    case: Complaint, actor: Actor, *, now: datetime, file: Any = UNASKED, **paper: Any
) -> list[Blocker]:
    """Who writes to the case may add papers to it; the file lies sealed under the key of this very case."""
    found = handler_only(case, actor, "complaints.attach") + ended(case)
    if file is not UNASKED and file.scope != case.pk:
        found.append(Blocker("paper.elsewhere", _("This paper was not sealed for this case."), field="papers"))
    return found
