"""What every action repeats: one transaction, the lock, the judgement, the save, the event and its ledger entry."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, Self
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused, Text, refuse_if
from jike.base.failpoints import failpoint
from jike.verbs.registry import Rule, Verb, register


class Subject(Protocol):
    """What a model offers so that verbs can act on its rows."""

    pk: UUID
    version: int

    @classmethod
    def locked(cls, pk: UUID) -> Self:
        """The row, locked until the transaction ends."""

    @classmethod
    def opened_with(cls, verb: str, key: str) -> Self | None:
        """The row that the opener `verb` made with this idempotency key, if it did."""

    def barred(self, actor: Actor) -> list[Blocker]:
        """Why this actor may do nothing at all to the row, whatever the verb."""

    def has_done(self, verb: str, key: str) -> bool:
        """Whether `verb` already happened to this row with this idempotency key."""

    def has_moved_since(self, version: int) -> bool:
        """Whether anybody has changed the row since `version`; what machines do to clocks and papers changes nothing."""

    def record(self, verb: Verb, *, actor: Actor, now: datetime, key: str) -> None:
        """Save what changed and append the event and its ledger entry."""


def _bound(key: str, actor: Actor) -> str:
    """The stored form of an idempotency key: bound to who sent it, so that nobody can replay another person's key."""
    return hashlib.sha256(f"{actor.kind}|{actor.id}|{key}".encode()).hexdigest() if key else ""


def verb(
    model: type[Any], name: str, *, label: Text, blockers: Rule, category: str = "milestone", by_hand: bool = True
) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """Make `body(case, *, actor, now, **inputs)` the only way in which `name` happens to a row of `model`.

    The action takes two more keywords: `key` (the same key twice gives the first answer twice and one event) and `version`
    (refused with `case.changed` when the row has moved on since the page was drawn). It returns the changed row and raises
    `Refused` with every blocker, and then no row has changed.
    """

    def decorate(body: Callable[..., None]) -> Callable[..., Any]:
        @functools.wraps(body)
        def action(
            case: Any, *, actor: Actor, now: datetime, key: str = "", version: int | None = None, **inputs: Any
        ) -> Any:
            with transaction.atomic():
                row = model.locked(case.pk)
                key = _bound(key, actor)
                # The key alone decides: a client that heard no answer may have read the row anew before it asks again.
                if key and row.has_done(name, key):
                    return row
                found = [*_moved_on(row, version), *row.barred(actor), *blockers(row, actor, now=now, **inputs)]
                refuse_if(found, verb=name)
                failpoint("verb.judged")
                body(row, actor=actor, now=now, **inputs)
                failpoint("verb.changed")
                row.record(spec, actor=actor, now=now, key=key)
                failpoint("verb.recorded")
            failpoint("verb.committed")
            return row

        spec = Verb(name, label, model, blockers, action, category=category, by_hand=by_hand)
        register(spec)
        return action

    return decorate


def opener(
    model: type[Any], name: str, *, label: Text, blockers: Rule, by_hand: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `body(*, actor, now, **inputs)` the only way in which rows of `model` come to be through `name`.

    The body returns the new row unsaved; rows that point at it may be written before it, foreign keys are checked at
    commit. Idempotency keys work as for `verb`, also when two requests with one key run at the same time, and when what the first
    one made is the very reason to refuse a second.
    """

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def action(*, actor: Actor, now: datetime, key: str = "", **inputs: Any) -> Any:
            key = _bound(key, actor)
            try:
                with transaction.atomic():
                    refuse_if(blockers(None, actor, now=now, **inputs), verb=name)
                    row = body(actor=actor, now=now, **inputs)
                    failpoint("verb.changed")
                    row.record(spec, actor=actor, now=now, key=key)
                    failpoint("verb.recorded")
            except (IntegrityError, Refused):
                earlier = model.opened_with(name, key) if key else None
                if earlier is None:
                    raise
                return earlier
            failpoint("verb.committed")
            return row

        spec = Verb(name, label, model, blockers, action, opens=True, by_hand=by_hand)
        register(spec)
        return action

    return decorate


def _moved_on(row: Subject, version: int | None) -> list[Blocker]:
    if version is None or version == row.version or not row.has_moved_since(version):
        return []
    return [
        Blocker(
            "case.changed",
            _("Somebody changed this case while you had it open. Look at the new entries and try again."),
        )
    ]
