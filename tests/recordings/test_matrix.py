"""Every verb in every state, and every verb for everybody: exactly what is listed here may be done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jike.accounts.models import Unit
from jike.accounts.roles import holders_of, merchant_actor
from jike.base.ids import uuid7
from jike.verbs import all_verbs, verb_named
from lending.models import Recording
from lending.recordings import actions
from tests.factories import recordings as factory
from tests.factories.recordings import NOW
from tests.people import staff

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(days=365 * 12)

ROLES = {
    "schedule": {"handler", "supervisor", "integration", "demo"},
    "issue_link": {"handler", "supervisor"},
    "begin": {"handler", "supervisor", "integration", "consumer"},
    "decline": {"handler", "supervisor", "consumer"},
    "finish": {"handler", "supervisor", "integration", "consumer"},
    "judge": {"recorder"},
    "expire": {"handler", "supervisor", "recorder"},
    "decide": {"handler", "supervisor", "risk"},
    "watch": {"handler", "supervisor", "legal", "risk"},
    "archive": {"recorder"},
    "hold": {"supervisor", "legal"},
    "lift_hold": {"supervisor", "legal"},
    "propose_destruction": {"supervisor", "executive"},
    "destroy": {"supervisor", "executive"},
    "confirm_destruction": {"recorder"},
}
OPEN = {
    "scheduled": {"issue_link", "expire", "begin", "decline", "hold"},
    "recording": {"issue_link", "expire", "finish", "hold"},
    "checking": {"decide", "watch", "hold"},
    "passed": {"watch", "archive", "hold"},
    "failed": {"watch", "archive", "hold"},
    "archived": {"watch", "hold", "propose_destruction"},
    "destroyed": set(),
}


@pytest.fixture(autouse=True)
def _transcriber(settings: Any) -> None:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True


def test_every_verb_has_exactly_these_holders() -> None:
    verbs = {verb.short_name for verb in all_verbs() if verb.model is Recording}

    assert set(ROLES) == verbs
    assert {name: set(holders_of(f"recordings.{name}")) for name in verbs} == ROLES


def in_state(state: str) -> Recording:
    if state == "scheduled":
        return factory.scheduled()
    if state == "recording":
        row = factory.begun()
        factory.read(row, factory.captured(row))
        return row
    if state == "checking":
        return factory.checked(student_hit=True)
    if state == "passed":
        return factory.passed()
    if state == "failed":
        return factory.decide(
            factory.checked(student_hit=True), factory.people()["ben"], passed=False, faults=("person.student",)
        )
    row = factory.archived()
    if state == "destroyed":
        who = factory.people()
        actions.propose_destruction(row, actor=who["sue"].actor, now=LATE)
        row = actions.destroy_recording(row, actor=who["tom"].actor, now=LATE)
    return row


@pytest.mark.parametrize("state", OPEN)
def test_a_verb_is_open_in_its_states_only(state: str) -> None:
    row = Recording.objects.get(pk=in_state(state).pk)
    assert row.state == state

    who = factory.people()
    actors = {"begin": factory.borrower(row), "decline": factory.borrower(row), "finish": factory.borrower(row)}
    actors |= dict.fromkeys(("judge", "archive", "confirm_destruction"), factory.RECORDER)
    found = {
        name
        for name in ROLES
        if name != "schedule"
        and not verb_named(f"recordings.{name}").why_not(row, actors.get(name, who["sue"].actor), now=LATE)
    }
    certified = {"confirm_destruction"} if state == "destroyed" else set()
    assert found == OPEN[state] | certified


def test_another_unit_and_other_parties_may_do_nothing() -> None:
    row = factory.checked(student_hit=True)
    other = staff("far", "supervisor", "legal", unit=Unit.objects.exclude(code="HQ-CP").order_by("code")[0]).actor

    for actor in (other, merchant_actor(uuid7())):
        for name in ROLES:
            if name not in ("schedule",):
                found = verb_named(f"recordings.{name}").why_not(row, actor, now=LATE)
                assert any(blocker.is_about_the_actor for blocker in found), (name, actor.kind)
