"""Who should handle a case: on duty, not recused, skilled in the matter, and with the least to do. Rule R20 (recusal) holds first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.kinds import kind_named
from cases.models import Case, Leave, Skill
from cases.recusals import unfit_people
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7

SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has to do. `weight` counts a case that is due soon twice and an overdue one three times."""

    open: int = 0
    soon: int = 0
    overdue: int = 0

    @property
    def weight(self) -> int:
        return self.open + self.soon + 2 * self.overdue


@dataclass(frozen=True, slots=True)
class Candidate:
    user: User
    load: Load
    is_skilled: bool
    is_substitute: bool


def on_duty(unit_id: UUID | None, *, on: date, roles: Iterable[str] = ("handler",)) -> QuerySet[User]:
    """The handlers of a unit who work on this day, or those of other `roles`."""
    handlers = User.objects.filter(unit_id=unit_id, is_active=True, is_on_leave=False, roles__overlap=list(roles))
    return handlers.filter(~Exists(leaves_on(on).filter(user_id=OuterRef("pk"))))


def leaves_on(on: date) -> QuerySet[Leave]:
    return Leave.objects.filter(starts_on__lte=on, ends_on__gte=on, cancelled_at=None)


def loads_of(users: Iterable[User], *, now: datetime) -> dict[UUID, Load]:
    """The open cases of each, in one query."""
    near = Q(queue_at__gte=now, queue_at__lt=now + SOON)
    rows = (
        Case.objects.filter(assignee__in=list(users), ended_at=None, is_historical=False)
        .order_by()
        .values("assignee")
        .annotate(open=Count("pk"), soon=Count("pk", filter=near), overdue=Count("pk", filter=Q(queue_at__lt=now)))
        .values_list("assignee", "open", "soon", "overdue")
    )
    return {user: Load(*counts) for user, *counts in rows}


def candidates_for(case: Case, *, now: datetime) -> list[Candidate]:
    """Who may handle the case, best first: the substitute of an absent handler, the skilled, then the least loaded."""
    on = cst_date(now)
    roles = kind_named(case.kind).worked_by
    users = list(
        on_duty(case.unit_id, on=on, roles=roles).exclude(person__in=unfit_people(case)).exclude(pk=case.assignee_id)
    )
    loads = loads_of(users, now=now)
    skills: dict[UUID, set[str]] = {}
    for user_id, code in Skill.objects.filter(user__in=users).values_list("user_id", "business_code"):
        skills.setdefault(user_id, set()).add(code)
    stand_in = leaves_on(on).filter(user_id=case.assignee_id).values_list("substitute_id", flat=True).first()
    found = [
        Candidate(
            user,
            loads.get(user.pk, Load()),
            user.pk not in skills or not case.business_code or case.business_code in skills[user.pk],
            user.pk == stand_in,
        )
        for user in users
    ]
    return sorted(found, key=lambda c: (not c.is_substitute, not c.is_skilled, c.load.weight, c.user.staff_no))


def is_away(user: User, *, on: date) -> bool:
    return not user.is_active or user.is_on_leave or leaves_on(on).filter(user=user).exists()


def suits(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Those of `cases` whose matter the actor knows; all of them for somebody without a list of skills."""
    codes = list(Skill.objects.filter(user_id=actor.id).values_list("business_code", flat=True))
    return cases.filter(business_code__in=["", *codes]) if codes else cases


def blockers_to_staff(actor: Actor, user: User, message: Blocker) -> list[Blocker]:
    """Only a supervisor of the same unit keeps the absences and skills of a member of staff."""
    return [] if actor.can("complaints.assign") and actor.unit == user.unit_id else [message]


def record_leave(
    user: User, *, actor: Actor, now: datetime, starts_on: date, ends_on: date, substitute: User | None, no: Blocker
) -> Leave:
    """Keep an absence; the cases stay until a supervisor redistributes them."""
    refuse_if(blockers_to_staff(actor, user, no))
    return Leave.objects.create(
        id=uuid7(),
        user=user,
        starts_on=starts_on,
        ends_on=ends_on,
        substitute=substitute,
        recorded_by_id=actor.user,
        recorded_at=now,
    )


def set_skills(user: User, codes: Iterable[str], *, actor: Actor, no: Blocker) -> None:
    """Replace what somebody is skilled in; no code at all means every matter."""
    refuse_if(blockers_to_staff(actor, user, no))
    wanted = set(codes)
    Skill.objects.filter(user=user).exclude(business_code__in=wanted).delete()
    Skill.objects.bulk_create(
        [Skill(id=uuid7(), user=user, business_code=code) for code in sorted(wanted)], ignore_conflicts=True
    )
