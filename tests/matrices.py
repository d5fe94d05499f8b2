"""The full matrices of a kind: every verb from every state, and every verb for everybody, asserted alike for every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import Case
from jike.accounts.models import User
from jike.accounts.roles import consumer_actor, machine_actor, merchant_actor, powers_of
from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.verbs import Verb, verb_named
from tests.complaints.test_matrix import EVERYBODY

MACHINES = ("outbox-worker", "importer", "clock", "mediation", "returns")


def judged_at_commit() -> None:
    """What is checked at commit is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused_by_the_database(act: Callable[[], object], words: str) -> None:
    """The act, or its commit, ends in an integrity error that says `words`."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()
        judged_at_commit()


def look_at(
    verb: Verb, case: Case, actor: Actor, inputs: Mapping[str, Any], *, now: datetime, is_allowed: bool, where: str
) -> None:
    """The verb happens, also for the guards at commit, or is refused for exactly the reasons that were foretold."""
    found = verb.blockers(case, actor, now=now, **inputs)
    assert (not found) == is_allowed, (verb.name, where, [blocker.code for blocker in found])
    if not found:
        verb.action(case, actor=actor, now=now, **inputs)
        judged_at_commit()
        return
    with pytest.raises(Refused) as refused:
        verb.action(case, actor=actor, now=now, **inputs)
    assert [blocker.code for blocker in refused.value.blockers] == [blocker.code for blocker in found]


def assert_roles(area: str, expected: Mapping[str, set[str]]) -> None:
    """Of staff, machines and parties exactly these hold each power of the area."""
    holders = {role: powers_of([role]) for role in (*EVERYBODY, "integration")}
    holders |= {name: machine_actor(name).powers for name in MACHINES}
    holders |= {"consumer": consumer_actor(None).powers, "merchant": merchant_actor(uuid7()).powers}
    for short_name, roles in expected.items():
        have = {who for who, powers in holders.items() if f"{area}.{short_name}" in powers}
        assert have == roles, short_name


def assert_refused_without_power(
    area: str,
    names: Iterable[str],
    case: Case,
    user: User,
    inputs: Callable[[str], Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """Whoever handles the case and has no power at all is refused every verb by name, with 403."""
    powerless = Actor(kind="staff", label="x", id=user.pk, person=user.person, unit=user.unit_id)
    for short_name in names:
        with pytest.raises(Refused) as refused:
            verb_named(f"{area}.{short_name}").action(case, actor=powerless, now=now, **inputs(short_name))
        assert "actor.no_power" in [blocker.code for blocker in refused.value.blockers], short_name
        assert refused.value.http_status == 403
