"""The period of an outside body's mediation: whether it runs, and whether it is over. Source: OM2021 art 24, house MED30."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.clocks.steps import is_late
from cases.mediation.models import Mediation
from jike.base.errors import Blocker

PERIOD, ART = "MED30", "OM2021 art 24"


def period_clock(case: Mediation) -> Clock | None:
    """The running period of the outside body; none in a negotiation through us."""
    return clocks.running(case, family=PERIOD)


def is_over(case: Mediation, *, now: datetime) -> bool:
    clock = period_clock(case)
    return clock is not None and clock.due_at is not None and is_late(now, clock.due_at)


def period_over(case: Mediation, *, now: datetime) -> list[Blocker]:
    """Nothing is offered, answered or signed after the last day, also while the timer that ends the attempt has not come by."""
    if not is_over(case, now=now):
        return []
    return [Blocker("period.over", _("The period of the mediation is over; it has ended without an agreement."), ART)]
