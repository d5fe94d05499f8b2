"""System checks: the role table is well formed, and no person holds two of the three administrator roles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from jike.accounts.models import User
from jike.accounts.roles import ADMINISTRATORS, table

_POWER = re.compile(r"[a-z_]+\.[a-z][a-z0-9_]*")


@register(Tags.security)
def check_role_table(**kwargs: Any) -> list[CheckMessage]:
    """Every power is written `app.verb`, the three administrators exist, and none of them can touch a case."""
    found: list[CheckMessage] = [
        Error(f"config/roles.yaml: {power!r} is no power.", id="accounts.E001")
        for power in sorted(table().powers)
        if not _POWER.fullmatch(power)
    ]
    for code in sorted(ADMINISTRATORS):
        role = table().roles.get(code)
        of_cases = ("complaints.", "inquiries.", "litigation.", "mediation.", "police.", "refunds.")
        if role is None or any(power.startswith(of_cases) for power in role.powers):
            found.append(Error(f"config/roles.yaml: {code} must exist and may not act on cases.", id="accounts.E002"))
    return found


@register(Tags.database, Tags.security)
def check_three_administrators(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Auditor, security and system administrator are different people, whatever accounts they use (三员分立)."""
    if not databases:
        return []
    held: dict[UUID, set[str]] = defaultdict(set)
    try:
        for person, roles in User.objects.filter(is_active=True, roles__overlap=sorted(ADMINISTRATORS)).values_list(
            "person", "roles"
        ):
            held[person] |= ADMINISTRATORS & set(roles)
    except DatabaseError:
        return []  # before the first migration
    return [
        Error(f"Person {person} holds {' and '.join(sorted(roles))}.", id="accounts.E003")
        for person, roles in held.items()
        if len(roles) > 1
    ]
