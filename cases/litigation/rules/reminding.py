"""May consumer and counsel be reminded: only of what still runs or is still to come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.litigation.models import Litigation
from cases.litigation.rules.court import open_hearings
from cases.litigation.states import ON_THE_DOCKET
from cases.rules import ended, no_power, only_while
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_remind(
    case: Litigation, actor: Actor, *, now: datetime, clock: Any = UNASKED, days: Any = UNASKED
) -> list[Blocker]:
    """The clock named still runs and its end has not passed."""
    found = no_power(actor, "litigation.remind") + ended(case)
    running = {row.pk for row in case.open_clocks if row.due_at and row.due_at > now}
    if not running or (clock is not UNASKED and (clock is None or clock.pk not in running)):
        found.append(Blocker("clock.stopped", _("This time limit runs no more.")))
    return found


def blockers_to_remind_hearing(
    case: Litigation, actor: Actor, *, now: datetime, hearing: Any = UNASKED, days: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, "litigation.remind_hearing") + only_while(case, *ON_THE_DOCKET)
    to_come = {row.pk for row in open_hearings(case) if row.at > now}
    if not to_come or (hearing is not UNASKED and (hearing is None or hearing.pk not in to_come)):
        found.append(Blocker("hearing.none", _("No hearing is to come.")))
    return found
