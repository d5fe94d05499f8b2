"""The parts a decision must have, whoever makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.models import Decision
from cases.rules import missing, too_long
from jike.accounts.models import Unit
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

ART = "O2020-3 art 19"


def blockers_to_parts(
    *,
    result: Any,
    findings: Any,
    basis: Any,
    reasons: Any,
    remedies: Any,
    redress: Any,
    redress_cny: Any,
) -> list[Blocker]:
    """What a decision lacks. Parts not asked for yet are not judged. Source: O2020-3 art 19."""
    found = []
    if result is not UNASKED and result not in Decision.Result.values:
        found.append(Blocker("result.missing", _("Choose the result."), ART, "result"))
    found += missing(findings, "findings", _("Say what was found."), ART)
    found += missing(basis, "basis", _("Name the basis of the decision."), ART)
    found += missing(reasons, "reasons", _("Give the reasons."), ART)
    found += missing(remedies, "remedies", _("Name the remedies: review, mediation, arbitration, litigation."), ART)
    if result in (Decision.Result.UPHELD, Decision.Result.PARTLY):
        found += missing(redress, "redress", _("Say what the consumer gets, even if it is no money."))
    if redress_cny is not UNASKED and (redress_cny is None or redress_cny < 0):
        found.append(Blocker("redress.negative", _("The amount must be zero or more."), field="redress_cny"))
    parts = {"findings": findings, "basis": basis, "reasons": reasons, "remedies": remedies, "redress": redress}
    for field, value in parts.items():
        found += too_long(value, field, PART_LIMIT)
    return found


def review_body_of(case: Complaint) -> Unit | None:
    """The superior unit to which a decision of the case's unit can be taken; none for the head office's. Source: O2020-3 art 20."""
    return case.unit.superior if case.unit.level == Unit.Level.BRANCH else None


def no_review_body(case: Complaint, remedies: Any) -> list[Blocker]:
    """A branch's decision names the unit that reviews it. Source: O2020-3 art 19, art 20."""
    body = review_body_of(case)
    if body is None or remedies is UNASKED or not str(remedies).strip() or body.name in str(remedies):
        return []
    message = format_lazy(_("Name {unit} among the remedies: it reviews this decision."), unit=body.name)
    return [Blocker("remedies.no_review_body", message, "O2020-3 art 20", "remedies")]


def day_in_the_past(day: Any, field: str, *, now: datetime) -> list[Blocker]:
    if day in (UNASKED, None) or day >= cst_date(now):
        return []
    return [Blocker(f"{field}.past", _("This day has passed."), field=field)]
