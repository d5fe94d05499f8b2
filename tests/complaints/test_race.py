"""Two people at once: one wins, the other is told. Made certain by holding the first transaction open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager

from django.db import connection, connections, transaction

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Approval, Event
from jike.base.errors import Refused
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def waits_for_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def second(act: Callable[[], object], answers: list[object]) -> threading.Thread:
    def run() -> None:
        try:
            answers.append(act())
        except Refused as refused:
            answers.append([b.code for b in refused.blockers])
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@contextmanager
def held(answers: list[object], rival: Callable[[], object]):
    """Run the block in an open transaction, start the rival, wait until the database shows it waiting, then commit."""
    with transaction.atomic():
        yield
        thread = second(rival, answers)
        deadline = time.monotonic() + 10
        while not waits_for_lock():
            assert thread.is_alive() and time.monotonic() < deadline, f"the rival did not wait: {answers}"
            time.sleep(0.01)
    thread.join(10)


def test_two_handlers_claim_one_case(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast)
    answers: list[object] = []

    with held(answers, lambda: actions.claim_complaint(case, actor=cast.colleague.actor, now=RECEIVED)):
        actions.claim_complaint(case, actor=cast.handler.actor, now=RECEIVED)

    assert answers == [["case.claimed"]]
    assert Complaint.objects.get(pk=case.pk).assignee == cast.handler.user
    assert Event.objects.filter(case=case, verb="complaints.claim").count() == 1


def test_approval_and_return_at_once(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="deciding")
    payload = factory.payload_of(case)
    answers: list[object] = []

    with held(answers, lambda: actions.return_decision(case, actor=cast.supervisor.actor, now=RECEIVED, reason="no")):
        actions.approve_decision(case, actor=cast.supervisor.actor, now=RECEIVED, payload=payload)

    assert answers == [["case.wrong_state"]]
    assert Approval.objects.get(case=case).verdict == "approved"


def test_withdrawal_against_proposal(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="investigating")
    answers: list[object] = []

    with held(
        answers, lambda: actions.propose_decision(case, actor=cast.handler.actor, now=RECEIVED, **factory.DECISION)
    ):
        actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=RECEIVED)

    assert answers == [["case.wrong_state"]]
    assert Complaint.objects.get(pk=case.pk).state == "withdrawn"


def test_one_key_files_once_when_sent_twice_at_the_same_time(committed_cast: Cast) -> None:
    answers: list[object] = []

    with held(answers, lambda: factory.file(key="token").number):
        first = factory.file(key="token")

    assert answers == [first.number]
    assert Complaint.objects.count() == 1


def test_one_key_does_a_verb_once(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="claimed")
    answers: list[object] = []
    note = {"actor": cast.handler.actor, "now": RECEIVED, "text": "note", "key": "n1"}

    with held(answers, lambda: actions.add_note(case, **note).version):
        first = actions.add_note(case, **note)

    assert answers == [first.version]
    assert case.notes.count() == 1
