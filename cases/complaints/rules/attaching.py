"""May a paper be added, set aside or decided about, and if not, every reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.attachments.ruling import blockers_to_rule
from cases.complaints.models import Complaint
from cases.mediation.rules.sides import no_link_from
from cases.rules import ended, handler_only, handler_or_supervisor, historical, no_power
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_attach(
    case: Complaint, actor: Actor, *, now: datetime, file: Any = UNASKED, **paper: Any
) -> list[Blocker]:
    """Who writes to the case may add papers to it, and the merchant of its mediation; the file lies sealed under the key of this very case."""
    found = handler_only(case, actor, "complaints.attach") or no_link_from(case, actor, now=now)
    found += ended(case)
    if file is not UNASKED and file.scope != case.pk:
        found.append(Blocker("paper.elsewhere", _("This paper was not sealed for this case."), field="papers"))
    return found


def blockers_to_set_aside(case: Complaint, actor: Actor, *, now: datetime, **_found: Any) -> list[Blocker]:
    """The worker that examined it says so, whatever became of the case meanwhile."""
    return no_power(actor, "complaints.set_aside_paper")


def blockers_to_rule_on(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    paper: Any = UNASKED,
    is_released: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """A second pair of eyes: somebody of the unit who did not add the paper, with a reason. Source: house rule."""
    found = handler_or_supervisor(case, actor, "complaints.rule_on_paper") + historical(case)
    return found + blockers_to_rule(case.pk, actor, paper=paper, reason=reason)
