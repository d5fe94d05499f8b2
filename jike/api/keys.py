"""Keys: made and shown once, read at every request, revoked."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jike.accounts.models import Unit, User
from jike.accounts.roles import ADMINISTRATORS, powers_of, table
from jike.api.models import ApiKey
from jike.api.scopes import all_scopes, powers_through
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if

logger = logging.getLogger(__name__)

POWER = "api.keys"
MARK = "jk"
NOTE_EVERY = timedelta(minutes=10)
LONGEST_DAYS = 730
_PREFIX = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `token` is shown now or never."""

    key: ApiKey
    token: str


def blockers_to_create(
    actor: Actor, *, name: str, unit: Unit | None, role: str, scopes: Sequence[str], days: int
) -> list[Blocker]:
    """Every reason against this key. A program never approves and never administrates: those are for people."""
    found = []
    if not actor.can(POWER):
        found.append(Blocker("actor.no_power", _("Only the security administrator gives and revokes keys.")))
    if not name.strip():
        found.append(Blocker("name.missing", _("Name the program that will use this key."), field="name"))
    if unit is None:
        found.append(Blocker("unit.unknown", _("Choose the unit the program works for."), field="unit"))
    if not may_serve(role):
        found.append(Blocker("role.unfit", _("Choose a role that neither approves nor administrates."), field="role"))
    if not scopes or set(scopes) - set(all_scopes()):
        found.append(
            Blocker("scopes.unknown", _("Choose at least one scope, and only scopes of the list."), field="scopes")
        )
    if not 1 <= days <= LONGEST_DAYS:
        found.append(Blocker("days.out_of_range", _("A key lives between 1 and 730 days."), field="days"))
    return found


def may_serve(role: str) -> bool:
    """Whether a program may hold this role."""
    return role in table().roles and role not in ADMINISTRATORS and "approvals.vote" not in powers_of([role])


@transaction.atomic
def create_key(
    *, actor: Actor, now: datetime, name: str, unit: Unit | None, role: str, scopes: Sequence[str], days: int = 365
) -> NewKey:
    """Make a service account and its key. The token is in the answer and nowhere else. Raises `Refused`."""
    refuse_if(blockers_to_create(actor, name=name, unit=unit, role=role, scopes=scopes, days=days), verb=POWER)
    prefix = "".join(secrets.choice(_PREFIX) for _letter in range(8))
    token = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    owner = User.objects.create_user(
        f"svc-{prefix}", display_name=name.strip()[:60], staff_no=f"SVC-{prefix}", unit=unit, roles=[role]
    )
    key = ApiKey.objects.create(
        name=name.strip()[:60],
        prefix=prefix,
        digest=_digest(token),
        owner=owner,
        scopes=sorted(set(scopes)),
        created_at=now,
        created_by=actor.id,
        expires_at=now + timedelta(days=days),
    )
    logger.info("api.key_created key=%s by=%s", key.pk, actor.id)
    return NewKey(key, token)


def revoke_key(key: ApiKey, *, actor: Actor, now: datetime) -> None:
    """End a key at once. Revoking again changes nothing."""
    allowed = actor.can(POWER)
    refuse_if(
        [] if allowed else [Blocker("actor.no_power", _("Only the security administrator gives and revokes keys."))],
        verb=POWER,
    )
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now, revoked_by=actor.id):
        logger.info("api.key_revoked key=%s by=%s", key.pk, actor.id)


def key_of(token: str, *, now: datetime) -> ApiKey | None:
    """The living key whose token this is. Unknown, expired and revoked ones are all nobody's."""
    mark, _sep, rest = token.partition("_")
    prefix = rest.partition("_")[0]
    if mark != MARK or len(prefix) != 8 or not prefix.isascii() or not prefix.isalnum():
        return None
    key = living(now).select_related("owner").filter(prefix=prefix).first()
    if key is None or not hmac.compare_digest(bytes(key.digest), _digest(token)) or not key.owner.is_active:
        return None
    return key


def living(now: datetime) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(revoked_at=None).filter(expires_at__gt=now)


def actor_of_key(key: ApiKey) -> Actor:
    """Who acts with this key: its service account, with the powers of its role that the scopes let through."""
    owner = key.owner
    powers = powers_of(owner.roles) & powers_through(key.scopes)
    return Actor("staff", owner.display_name, owner.pk, owner.person, owner.unit_id, powers)


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Remember that the key was used, at most once in ten minutes."""
    if key.last_used_at is None or key.last_used_at < now - NOTE_EVERY:
        ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - NOTE_EVERY), pk=key.pk).update(
            last_used_at=now
        )


def keys_listed_for(actor: Actor) -> QuerySet[ApiKey]:
    """Every key, newest first, for whoever gives them."""
    if not actor.can(POWER):
        return ApiKey.objects.none()
    return ApiKey.objects.select_related("owner", "owner__unit").order_by("-created_at", "-id")


def key_for(actor: Actor, pk: uuid.UUID) -> ApiKey | None:
    return keys_listed_for(actor).filter(pk=pk).first()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
