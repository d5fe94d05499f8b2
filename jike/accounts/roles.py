"""Roles and powers, as `config/roles.yaml` lists them, and the actors they make."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from jike.base.actors import Actor
from jike.base.errors import Blocker, Text

if TYPE_CHECKING:
    from jike.accounts.models import User

ADMINISTRATORS = frozenset({"auditor", "security_admin", "system_admin"})


class RoleUnknown(LookupError):
    """`config/roles.yaml` names no such role or machine."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its English label (translated when printed) and what its holders may do."""

    code: str
    name: str
    powers: frozenset[str]

    @property
    def label(self) -> str:
        return pgettext("role", self.name)


@dataclass(frozen=True, slots=True)
class RoleTable:
    """The whole of `config/roles.yaml`."""

    roles: dict[str, Role]
    machines: dict[str, frozenset[str]]
    consumer: frozenset[str]
    merchant: frozenset[str]

    @property
    def powers(self) -> frozenset[str]:
        """Every power anybody has."""
        return frozenset().union(
            *(role.powers for role in self.roles.values()), *self.machines.values(), self.consumer, self.merchant
        )


@functools.cache
def table() -> RoleTable:
    content = yaml.safe_load((settings.BASE_DIR / "config" / "roles.yaml").read_text(encoding="utf-8"))
    return RoleTable(
        roles={code: Role(code, row["label"], frozenset(row["powers"])) for code, row in content["roles"].items()},
        machines={name: frozenset(powers) for name, powers in content["machines"].items()},
        consumer=frozenset(content["consumer"]),
        merchant=frozenset(content["merchant"]),
    )


def powers_of(roles: Iterable[str]) -> frozenset[str]:
    """What the holder of `roles` may do. A role that the table does not name gives nothing."""
    known = table().roles
    return frozenset().union(*(known[code].powers for code in roles if code in known))


def holders_of(power: str) -> list[str]:
    """The roles, machines, the consumer and the merchant that have `power`, in the order of the table."""
    known = table()
    found = [code for code, role in known.roles.items() if power in role.powers]
    found += [name for name, powers in known.machines.items() if power in powers]
    parties = {"consumer": known.consumer, "merchant": known.merchant}
    return [*found, *(party for party, powers in parties.items() if power in powers)]


def role_labels(roles: Iterable[str]) -> list[Text]:
    known = table().roles
    return [known[code].label for code in roles if code in known]


def actor_of(user: User) -> Actor:
    return Actor("staff", user.display_name, user.pk, user.person, user.unit_id, powers_of(user.roles))


def machine_actor(name: str) -> Actor:
    """The worker, timer or command `name`, with the powers listed for it. An unlisted name raises `RoleUnknown`."""
    try:
        return Actor.machine(name, powers=table().machines[name])
    except KeyError:
        raise RoleUnknown(name) from None


def consumer_actor(person_id: UUID | None) -> Actor:
    """The consumer, once the phone is proved. The label is what timelines print, so it carries no name."""
    return Actor("consumer", "消费者", person_id, person_id, None, table().consumer)


def merchant_actor(link_id: UUID, *, colleague: int = 0) -> Actor:
    """Whoever holds this link, the merchant or its colleague of this number: the label says which and carries no name.

    The rules ask the link at every act: it opens one case, and only while it is in force.
    """
    label = f"商户（同事{colleague}）" if colleague else "商户"
    return Actor("merchant", label, link_id, None, None, table().merchant)


def blockers_to_hold(roles: Iterable[str], *, also: Iterable[str] = ()) -> list[Blocker]:
    """Why one person may not hold `roles`, given the roles `also` held by their other accounts.

    Auditor, security administrator and system administrator are three different people (三员分立).
    """
    wanted = set(roles)
    found = [
        Blocker("role.unknown", _("There is no role “%(role)s”.") % {"role": code}, field="roles")
        for code in sorted(wanted - set(table().roles))
    ]
    if len((wanted | set(also)) & ADMINISTRATORS) > 1:
        found.append(
            Blocker(
                "role.not_separate",
                _(
                    "One person may hold only one of the roles auditor, security administrator and system administrator."
                ),
                field="roles",
            )
        )
    return found
