"""Three people everywhere: the handler, a colleague of the unit, a stranger; and those who approve, audit and complain."""

from __future__ import annotations

from dataclasses import dataclass

from jike.accounts.models import Unit, User
from jike.accounts.roles import actor_of
from jike.base.actors import Actor


@dataclass(frozen=True)
class Staff:
    """One account with its actor."""

    user: User
    actor: Actor


def staff(username: str, *roles: str, unit: Unit | None = None, **fields: object) -> Staff:
    user = User.objects.create(
        username=username, display_name=username, staff_no=f"S-{username}", unit=unit, roles=list(roles), **fields
    )
    return Staff(user, actor_of(user))


@dataclass(frozen=True)
class Cast:
    """Everybody a complaint meets. `twin` is a second account of the handler's own person, with a supervisor's role."""

    unit: Unit
    other_unit: Unit
    handler: Staff
    colleague: Staff
    supervisor: Staff
    stranger: Staff
    twin: Staff
    auditor: Staff
    executive: Staff


def cast() -> Cast:
    unit = Unit.objects.get(code="HQ-CP")
    other = Unit.objects.exclude(pk=unit.pk).filter(level=Unit.Level.BRANCH).order_by("code").first()
    handler = staff("handler", "handler", unit=unit)
    return Cast(
        unit=unit,
        other_unit=other,
        handler=handler,
        colleague=staff("colleague", "handler", unit=unit),
        supervisor=staff("supervisor", "supervisor", unit=unit),
        stranger=staff("stranger", "handler", unit=other),
        twin=staff("twin", "supervisor", unit=unit, person=handler.user.person),
        auditor=staff("auditor", "auditor", unit=unit),
        executive=staff("executive", "executive", unit=unit),
    )
