"""R75: no door leads to a closing state without proof or waiver, and none to a change of state that names nobody."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cases.complaints import actions
from cases.complaints.handlers import close_told
from cases.complaints.models import Complaint
from cases.handlers import watch_clocks
from cases.models import Event
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.outbox.application import app as celery
from jike.outbox.sweeping import sweep
from jike.outbox.tasks import run
from jike.verbs import verb_named
from tests.accounts.signing_in import sign_in
from tests.complaints.test_guards import refused_at_commit, sql
from tests.complaints.test_matrix import STATES
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)
UNPROVEN_ACTS: list[tuple[str, dict[str, str]]] = [
    ("close", {}),
    ("notify", {"manner": "post", "evidence": " ", "sent_at": "2026-09-30T10:00"}),
    ("notify", {"proof": str(uuid.uuid4())}),
    ("waive_notice", {"verdict": "approved", "payload": "00"}),
    ("tell_decline", {"manner": "post", "evidence": "", "sent_at": "2026-09-30T10:00"}),
    ("merge", {"verdict": "approved", "payload": "00"}),
    ("confirm_decline", {"payload": "00"}),
]
UNPROVEN = [
    point
    for point in STATES
    if point not in ("notified", "kept", "closed", "withdrawn", "merged", "decline_told", "reviewing")
]


def state_of(case: Complaint) -> tuple[str, int, Any]:
    return Complaint.objects.values_list("state", "version", "ended_at").get(pk=case.pk)


@pytest.mark.rule("R75")
@pytest.mark.parametrize("point", UNPROVEN)
def test_api_closes_nothing_without_proof(point: str, cast: Cast) -> None:
    """By those who hold every power there is: the handler of the case and the supervisor of its unit."""
    case = factory.complaint(cast, at=point)
    before = state_of(case)

    for member in (cast.handler, cast.supervisor):
        visitor = sign_in(Client(), member.user)
        for verb, body in UNPROVEN_ACTS:
            address = f"/api/v1/cases/{case.number}/verbs/{verb}/"
            answer = visitor.post(address, body, "application/json", headers={"Idempotency-Key": uuid.uuid4().hex})
            assert answer.status_code in (400, 403, 409), (verb, answer.status_code)
            assert answer.json()["blockers"], verb
        for method in (visitor.patch, visitor.put, visitor.delete):
            refused = method(f"/api/v1/cases/{case.number}/", {"state": "closed"}, "application/json")
            assert refused.status_code == 405

    assert state_of(case) == before


@pytest.mark.rule("R75")
def test_there_is_no_administration_that_edits_rows() -> None:
    def addresses(resolver: URLResolver) -> list[str]:
        found = []
        for entry in resolver.url_patterns:
            found += (
                addresses(entry)
                if isinstance(entry, URLResolver)
                else [entry.callback.__module__]
                if isinstance(entry, URLPattern)
                else []
            )
        return found

    assert not apps.is_installed("django.contrib.admin")
    assert not [module for module in addresses(get_resolver()) if module.startswith("django.contrib.admin")]


@pytest.mark.rule("R75")
@pytest.mark.parametrize("point", ["decided", "issued", "declined", "declining", "deciding"])
def test_worker_and_timers_close_nothing_without_proof(point: str, cast: Cast) -> None:
    case = factory.complaint(cast, at=point)
    state, _version, ended = state_of(case)

    for act, given in (
        (actions.notify_decision, {"proof": None}),
        (actions.tell_decline, {"proof": None}),
        (actions.close_complaint, {}),
    ):
        for name in ("outbox-worker", "clock", "importer"):
            with pytest.raises(Refused):
                act(case, actor=machine_actor(name), now=LATER, **given)
    for name in sorted(celery.tasks):
        assert name.startswith(("outbox.", "celery.")), "every task of ours only rings: what is done stands in a row"
    run(str(case.pk))
    run("'; DROP TABLE cases_case; --")
    for days in (40, 400):
        watch_clocks(RECEIVED + timedelta(days=days))
        close_told(RECEIVED + timedelta(days=days))
    sweep(now=current_instant(), by="test")

    assert state_of(case)[::2] == (state, ended)


@pytest.mark.rule("R75")
@pytest.mark.parametrize(
    ("state", "verb", "by", "says"),
    [
        ("closed", "close", "complaints_told_with_proof", "without proof"),
        ("notified", "notify", "complaints_told_with_proof", "without proof"),
        ("merged", "merge", "complaints_told_with_proof", "without a second person"),
        ("declined", "confirm_decline", "complaints_declined_by_two", "without a second person"),
    ],
)
def test_sql_with_event_and_ledger_entry_still_closes_nothing(
    state: str, verb: str, by: str, says: str, committed_cast: Cast
) -> None:
    """Somebody at the shell writes state, event and seal as the code does, and leaves out only the proof."""
    case = factory.complaint(committed_cast, at="decided")

    def forge() -> None:
        row = Complaint.locked(case.pk)
        row.__dict__["state"] = state
        row.ended_at = LATER if state in ("closed", "merged") else None
        row.record(verb_named(f"complaints.{verb}"), actor=committed_cast.supervisor.actor, now=LATER, key="")

    assert says in refused_at_commit(forge, by=by)
    assert state_of(case)[0] == "decided"


@pytest.mark.rule("R75")
def test_sql_ends_no_case_in_the_middle_of_the_way(committed_cast: Cast) -> None:
    case = factory.complaint(committed_cast, at="investigating")

    def forge() -> None:
        row = Complaint.locked(case.pk)
        row.ended_at = LATER
        row.record(verb_named("complaints.note"), actor=committed_cast.supervisor.actor, now=LATER, key="")

    assert "ends only in a closing state" in refused_at_commit(forge)
    end = sql("UPDATE cases_case SET ended_at = now() WHERE id = %s", case.pk)
    assert "without its event" in refused_at_commit(end, by="cases_move_needs_event")
    closed = factory.complaint(committed_cast, at="closed", phone="13900139000")
    open_again = sql("UPDATE cases_case SET ended_at = NULL WHERE id = %s", closed.pk)
    assert "ends only in a closing state" in refused_at_commit(open_again, by="complaints_told_with_proof")


@pytest.mark.rule("R75")
@pytest.mark.parametrize(
    "nobody",
    [
        {"actor_label": ""},
        {"actor_id": None},
        {"actor_person": None},
        {"actor_kind": ""},
        {"actor_kind": "ghost"},
        {"verb": ""},
        {"at": None},
    ],
)
def test_an_event_names_who_did_what_and_when(nobody: dict[str, Any], cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    row = Event.objects.filter(case=case, actor_kind="staff").values().last()

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(**(row | {"id": uuid.uuid4(), "seq": 99} | nobody))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_event WHERE seq = 99")
        assert cursor.fetchone() == (0,)
