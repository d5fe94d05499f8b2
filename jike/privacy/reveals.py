"""Clear text for people: every reading is on record before it is shown."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.privacy.fields import encrypted_field, scope_of
from jike.privacy.models import RevealLog

NO_REASON = Blocker(
    "reason.missing", _("Say why you need to see this. The reason is kept with your name."), field="reason"
)


def blockers_to_reveal(field: str, obj: models.Model, *, reason: str) -> list[Blocker]:
    """Whether a reason is missing. Who may read is judged by the door that gave out `obj`."""
    return [NO_REASON] if encrypted_field(obj, field).asks_reason and not reason.strip() else []


def reveal(actor: Actor, obj: models.Model, field: str, *, reason: str, now: datetime) -> str:
    """The clear text of `field` of `obj`, after the reading has been logged and committed.

    Call it outside any transaction: the log must survive whatever follows. Raises `Refused` (reason.missing), `Tampered`,
    `Destroyed`; the attempt to open a damaged value stays on record.
    """
    refuse_if(blockers_to_reveal(field, obj, reason=reason), verb="privacy.reveal")
    _log(actor, obj, field, reason=reason, now=now)
    return encrypted_field(obj, field).decrypt(obj)


def record_export(actor: Actor, obj: models.Model, what: str, *, reason: str, now: datetime) -> None:
    """Keep, before a file of many values is made, who takes it and why. Raises `Refused` (reason.missing); call it as `reveal`."""
    refuse_if([] if reason.strip() else [NO_REASON], verb="privacy.export")
    _log(actor, obj, what, reason=reason, now=now)


def _log(actor: Actor, obj: models.Model, field: str, *, reason: str, now: datetime) -> None:
    with transaction.atomic(durable=True):
        RevealLog(
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_person=actor.person,
            scope=scope_of(obj),
            model=obj._meta.label_lower,
            row=obj.pk,
            field=field,
            reason=reason.strip(),
            at=now,
        ).save(force_insert=True)
