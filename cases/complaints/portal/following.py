"""What the tracking page tells beyond the state: what is asked of the consumer, who acts for them, who looked at the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.complaints import supplements
from cases.complaints.models import Complaint, Statement
from cases.models import Party
from jike.accounts.models import User
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.privacy.models import ReadLog, RevealLog

SHOWN_AT_MOST = 60
FIELDS = {
    "phone": pgettext_lazy("who looked", "your telephone number"),
    "email": pgettext_lazy("who looked", "your e-mail address"),
    "name": pgettext_lazy("who looked", "an original of your papers"),
    "timeline": pgettext_lazy("who looked", "the course of your case, taken as a file"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One time somebody of the staff looked: the day, the role, what was seen and why."""

    at: datetime
    role: Text
    what: Text
    reason: str


def asked_of(case: Complaint) -> list[supplements.Item]:
    """The open checklist; empty when nothing is asked."""
    request = supplements.open_request_of(case)
    return supplements.items_of(request) if request else []


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who acts for the consumer, or will once the authority was seen."""

    role: Text
    name: str
    is_seen: bool


def agents_of(case: Complaint) -> list[Agent]:
    """Agents, heirs and representatives of the case, as they were entered; names masked."""
    rows = case.parties.filter(role__in=Party.ACTS_FOR).order_by("created_at", "id")
    return [Agent(row.get_role_display(), row.name_mask, row.verified_at is not None) for row in rows]


def statement_of(case: Complaint) -> Statement | None:
    """The consumer's last word on the decision in force."""
    return Statement.objects.filter(case_id=case.pk, decision_id=case.decision_id).order_by("-said_at", "-id").first()


def looks_at(case: Complaint) -> list[Look]:
    """Who of the staff looked at this case: opened it, or saw something in clear. Newest first; roles, no names."""
    reads = list(ReadLog.objects.filter(scope=case.pk).order_by("-at")[:SHOWN_AT_MOST])
    reveals = list(RevealLog.objects.filter(scope=case.pk, actor_kind="staff").order_by("-at")[:SHOWN_AT_MOST])
    roles = _roles_of({row.actor_id for row in [*reads, *reveals] if row.actor_id})
    found = [Look(row.at, roles.get(row.actor_id, ""), _("your complaint"), "") for row in reads]
    found += [
        Look(row.at, roles.get(row.actor_id, ""), FIELDS.get(row.field, row.field), open_sealed(row, "reason"))
        for row in reveals
    ]
    return sorted(found, key=lambda look: look.at, reverse=True)


def _roles_of(ids: set[UUID]) -> dict[Any, Text]:
    users = User.objects.filter(pk__in=ids).select_related("unit")
    return {user.pk: f"{user.unit or ''} {user.role_labels[0] if user.role_labels else ''}".strip() for user in users}
