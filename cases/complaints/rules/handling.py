"""May somebody classify or accept a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals, headings
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.rules import ended, handler_only, missing, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker


def blockers_to_classify(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    business_code: Any = UNASKED,
    cause_code: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """The first choice is free; whoever changes it says why."""
    found = handler_only(case, actor, "complaints.classify") + ended(case)
    on = cst_date(case.received_at)
    if business_code is not UNASKED and not headings.may_be_chosen("business", business_code, on=on):
        found.append(Blocker("business.unknown", _("Choose a business heading from the list."), field="business_code"))
    if cause_code is not UNASKED and not headings.may_be_chosen("cause", cause_code, on=on):
        found.append(Blocker("cause.unknown", _("Choose a cause heading from the list."), field="cause_code"))
    is_change = bool(case.business_code) and (business_code, cause_code) != (case.business_code, case.cause_code)
    if is_change and business_code is not UNASKED:
        why = "" if reason is UNASKED else reason
        found += missing(why, "reason", _("Say why business or cause is changed; the reason is kept."))
    return found + too_long(reason, "reason", PART_LIMIT)


def blockers_to_accept(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.accept") + wrong_state(case, case.mark_accepted)
    if not found and approvals.waiting_for(case, "complaints.confirm_decline"):
        found.append(Blocker("approval.open", _("A request on this case waits for a second person.")))
    return found
