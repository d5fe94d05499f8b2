"""The database as the last lock: what no code of ours, no shell and no administrator gets past."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.clocks import ledger, rules
from cases.clocks.models import Clock
from cases.clocks.steps import Extension as Step
from cases.complaints.models import Complaint, Extension
from cases.models import Approval, Case, Event, Link
from jike.verbs import verb_named
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def refused_at_commit(change: Callable[[], object], *, by: str = "ALL") -> str:
    """Run `change`, then force the deferred constraints, or the one named; returns what the database said."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change()
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {by} IMMEDIATE")
    return str(refused.value)


def sql(statement: str, *params: object) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)

    return run


@pytest.mark.rule("R75")
def test_state_cannot_change_without_event(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="investigating")

    said = refused_at_commit(lambda: Complaint.objects.filter(pk=case.pk).update(state="closed"))
    assert "without its event" in said
    said = refused_at_commit(
        sql("UPDATE cases_case SET state = 'closed', version = version + 1 WHERE id = %s", case.pk)
    )
    assert "without its event" in said
    said = refused_at_commit(sql("UPDATE cases_case SET assignee_id = NULL WHERE id = %s", case.pk))
    assert "without its event" in said
    assert Case.objects.get(pk=case.pk).state == "investigating"


@pytest.mark.rule("R75")
def test_state_cannot_change_with_an_event_but_no_ledger_entry(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="claimed")
    row = Event.objects.filter(case=case).values().last()

    def forge() -> None:
        Event.objects.create(
            **(row | {"id": uuid.uuid4(), "seq": 3, "before_state": "received", "after_state": "investigating"})
        )
        Case.objects.filter(pk=case.pk).update(state="investigating", version=3)

    assert "without its event" in refused_at_commit(forge)


def test_case_cannot_be_inserted_without_event(committed_cast: Cast) -> None:
    cast = committed_cast
    statement = """INSERT INTO cases_case (id, kind, number, state, version, unit_id, received_at, registered_at, source_channel, flags,
        is_historical, consumer_mask, business_code, cause_code, next_due_code, last_verb, receipt_code)
        VALUES (%s, 'complaint', 'TS20260101-99999', 'closed', 1, %s, now(), now(), 'portal', '{}', false, '', '', '', '', '', '')"""

    assert "without its event" in refused_at_commit(sql(statement, uuid.uuid4(), cast.unit.pk))


@pytest.mark.rule("R29")
@pytest.mark.parametrize(
    "table", ["cases_event", "cases_message", "cases_delivery", "cases_decision", "cases_document", "ledger_entry"]
)
def test_history_is_append_only(table: str, committed_cast: Cast) -> None:
    cast = committed_cast
    factory.complaint(cast, at="closed")

    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"):
        assert refused_at_commit(sql(statement)), statement


def test_cases_are_never_deleted(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="closed")

    assert "never deleted" in refused_at_commit(sql("DELETE FROM complaints_complaint WHERE case_ptr_id = %s", case.pk))
    assert "never" in refused_at_commit(sql("DELETE FROM cases_case WHERE id = %s", case.pk))
    assert "never change" in refused_at_commit(
        sql("UPDATE cases_case SET number = 'TS20260101-00000' WHERE id = %s", case.pk)
    )


def test_nobody_approves_own_work_even_by_sql(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="deciding")
    vote = "UPDATE cases_approval SET verdict = 'approved', voter_id = %s, voter_person = %s, voted_at = now() WHERE case_id = %s"
    handler, twin, other = cast.handler.user, cast.twin.user, cast.supervisor.user

    assert "approval_four_eyes" in refused_at_commit(sql(vote, handler.pk, handler.person, case.pk))
    assert "approval_four_eyes" in refused_at_commit(sql(vote, twin.pk, twin.person, case.pk))
    assert "not that person" in refused_at_commit(sql(vote, handler.pk, other.person, case.pk))


def test_a_vote_is_cast_once_and_its_request_never_changes(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="decided")

    assert "voted on once" in refused_at_commit(lambda: Approval.objects.filter(case=case).update(verdict="returned"))
    waiting = factory.complaint(cast, at="deciding", phone="13900139000")
    assert "never changes" in refused_at_commit(
        lambda: Approval.objects.filter(case=waiting).update(payload_sha256=b"0" * 32)
    )


@pytest.mark.rule("R75")
def test_notified_needs_proof_or_waiver(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="notified")

    def forget_the_proof() -> None:
        Complaint.objects.filter(pk=case.pk).update(notice=None)
        Case.objects.filter(pk=case.pk).update(amount_cny=1)

    assert "without proof" in refused_at_commit(forget_the_proof)


def test_unknown_state_and_future_receipt_are_refused(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast)

    assert "case_complaint_state" in refused_at_commit(
        sql("UPDATE cases_case SET state = 'lost' WHERE id = %s", case.pk)
    )
    late = "UPDATE cases_case SET registered_at = received_at - interval '1 day' WHERE id = %s"
    assert "case_registered_after_receipt" in refused_at_commit(sql(late, case.pk))


def test_the_path_itself_is_let_through(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="closed", now=RECEIVED)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Complaint.objects.get(pk=case.pk).state == "closed"


def test_a_link_between_cases_only_ends(committed_cast: Cast) -> None:
    case, other = factory.complaint(committed_cast), factory.complaint(committed_cast, phone="13900139000")
    link = Link.objects.create(case=case, other=other, kind="repeat_of", created_at=RECEIVED)

    assert "only ends" in refused_at_commit(lambda: Link.objects.filter(pk=link.pk).update(kind="split_from"))
    assert "only ends" in refused_at_commit(sql("DELETE FROM cases_link"))
    assert "link_once" in refused_at_commit(
        lambda: Link.objects.create(case=case, other=other, kind="repeat_of", created_at=RECEIVED)
    )
    assert "link_between_two" in refused_at_commit(
        lambda: Link.objects.create(case=case, other=case, kind="repeat_of", created_at=RECEIVED)
    )
    Link.objects.filter(pk=link.pk).update(ended_at=RECEIVED)
    assert "only ends" in refused_at_commit(lambda: Link.objects.filter(pk=link.pk).update(ended_at=None))


@pytest.mark.rule("R75")
def test_declined_needs_a_second_person_and_ends_with_proof(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="declined")

    end = sql("UPDATE cases_case SET ended_at = now() WHERE id = %s", case.pk)
    assert "without proof of telling" in refused_at_commit(end, by="complaints_declined_by_two")
    assert "without its event" in refused_at_commit(end)
    other = factory.complaint(cast, at="declining", phone="13900139000")

    def decline_alone() -> None:
        other.mark_declined(code="not_entitled", at=RECEIVED)
        other.record(verb_named("complaints.confirm_decline"), actor=cast.handler.actor, now=RECEIVED, key="")

    assert "without a second person" in refused_at_commit(decline_alone)


def test_a_longer_limit_needs_an_approved_extension_told_in_time(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="untold")
    clock = Clock.objects.get(case_id=case.pk, state="running")
    longer = rules.rule("CMP60", on=RECEIVED.date())
    step = Step(longer, asked_at=RECEIVED, reason="x", approved_at=RECEIVED, noticed_at=RECEIVED)

    assert "told in time" in refused_at_commit(lambda: ledger.replace(case, clock, now=RECEIVED, extensions=[step]))
    Extension.objects.filter(case=case, outcome="").update(outcome="effective", settled_at=RECEIVED)
    assert "told in time" in refused_at_commit(lambda: ledger.replace(case, clock, now=RECEIVED, extensions=[step]))


def test_a_count_begins_anew_only_with_a_second_person(committed_cast: Cast) -> None:
    case = factory.complaint(committed_cast, at="restarting")
    clock = Clock.objects.get(case_id=case.pk)
    later = RECEIVED + timedelta(days=3)

    assert "began anew" in refused_at_commit(lambda: ledger.count_anew(case, clock, "CMP15", at=later, now=later))


def test_extensions_pauses_and_what_was_asked_are_history(committed_cast: Cast) -> None:
    cast = committed_cast
    factory.complaint(cast, at="extended")
    factory.complaint(cast, at="paused", phone="13900139000")
    factory.complaint(cast, at="added", phone="13900139001")
    factory.complaint(cast, at="supplementing", phone="13900139002")

    assert "settled once" in refused_at_commit(lambda: Extension.objects.update(outcome="void"))
    assert "only ends" in refused_at_commit(sql("UPDATE complaints_clockpause SET first_on = first_on - 9"))
    for table in ("newfacts", "supplementrequest", "supplementitem", "extension", "clockpause"):
        assert refused_at_commit(sql(f"DELETE FROM complaints_{table}")), table
    assert "append-only" in refused_at_commit(sql("UPDATE complaints_supplementitem SET seq = 9"))
