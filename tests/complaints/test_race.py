"""Two people at once: one wins, the other is told. Made certain by holding the first transaction open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from cases.clocks.sweep import mark_breaches
from cases.complaints import actions
from cases.complaints.models import Complaint, Survey
from cases.handlers import watch_clocks
from cases.headings import choices
from cases.models import Approval, Case, Delivery, Event, Message
from jike.base.dates import CST
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.outbox.channels import sms
from jike.outbox.channels.breaker import Breaker
from jike.outbox.fakes.sms import FakeSms
from jike.outbox.models import Job
from jike.outbox.tasks import run
from lending.models import Funder
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, staff


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


def test_what_a_case_has_is_read_after_the_wait(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="claimed")
    Case.objects.filter(pk=case.pk).update(funder=Funder.objects.filter(speaks_for_platform=False).first())
    answers: list[object] = []

    def forward() -> object:
        return actions.forward_to_funder(case, actor=cast.handler.actor, now=RECEIVED, words="请核查")

    with held(answers, forward):
        actions.forward_to_funder(case, actor=cast.handler.actor, now=RECEIVED, words="请核查")

    assert answers == [["funder.asked"]]


@pytest.mark.rule("R80")
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


def test_two_approvers_of_one_merge(committed_cast: Cast) -> None:
    cast = committed_cast
    factory.complaint(cast, at="investigating")
    case = factory.complaint(cast, at="investigating", now=RECEIVED)
    case = actions.ask_merge(
        case, actor=cast.handler.actor, now=RECEIVED, into=Complaint.objects.exclude(pk=case.pk).get(), same_matter="x"
    )
    rival = staff("second-supervisor", "supervisor", unit=cast.unit)
    vote = {"now": RECEIVED, "verdict": "approved", "payload": factory.payload_of(case)}
    answers: list[object] = []

    with held(answers, lambda: actions.merge_complaint(case, actor=rival.actor, **vote)):
        actions.merge_complaint(case, actor=cast.supervisor.actor, **vote)

    assert answers == [["approval.none", "case.wrong_state"]]
    assert Complaint.objects.get(pk=case.pk).merged_into.complaint.repeat_count == 1


def test_review_is_asked_for_while_the_handler_closes(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.of_branch(cast, at="kept")
    handler = factory.branch_cast(cast).handler.actor
    later = RECEIVED + timedelta(days=1)
    answers: list[object] = []

    with held(
        answers, lambda: actions.request_review(case, actor=factory.consumer_of(case), now=later, reason="x").state
    ):
        actions.close_complaint(case, actor=handler, now=later)

    assert answers == ["reviewing"]
    assert Complaint.objects.get(pk=case.pk).ended_at is None


def test_handler_closes_while_a_review_is_asked_for(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.of_branch(cast, at="kept")
    handler = factory.branch_cast(cast).handler.actor
    later = RECEIVED + timedelta(days=1)
    answers: list[object] = []

    with held(answers, lambda: actions.close_complaint(case, actor=handler, now=later)):
        actions.request_review(case, actor=factory.consumer_of(case), now=later, reason="x")

    assert answers == [["case.wrong_state"]]
    assert Complaint.objects.get(pk=case.pk).state == "reviewing"


@pytest.mark.rule("R80")
def test_two_supervisors_approve_one_decision(committed_cast: Cast) -> None:
    cast = committed_cast
    rival = staff("second-supervisor", "supervisor", unit=cast.unit)
    case = factory.complaint(cast, at="deciding")
    vote = {"now": RECEIVED, "payload": factory.payload_of(case)}
    answers: list[object] = []

    with held(answers, lambda: actions.approve_decision(case, actor=rival.actor, **vote)):
        actions.approve_decision(case, actor=cast.supervisor.actor, **vote)

    assert answers == [["case.wrong_state"]]
    assert Approval.objects.get(case=case).voter == cast.supervisor.user
    assert Event.objects.filter(case=case, verb="complaints.approve_decision").count() == 1
    assert Job.objects.filter(topic="complaints.render_letter", subject=case.pk).count() == 1


@pytest.mark.rule("R80")
def test_worker_tells_while_a_person_records_the_post(committed_cast: Cast) -> None:
    """The gateway's acceptance and the postal receipt meet: one notice, one clock stopped once."""
    cast = committed_cast
    case = factory.complaint(cast, at="issued")
    later = RECEIVED + timedelta(days=1)
    by_post = {"actor": cast.handler.actor, "now": later, "manner": "post", "evidence": "EMS 1", "sent_at": later}
    answers: list[object] = []

    with held(answers, lambda: actions.notify_decision(case, **by_post)):
        factory.notified(case, cast, later)

    assert answers == [["case.wrong_state"]]
    assert Event.objects.filter(case=case, verb="complaints.notify").count() == 1
    assert Survey.objects.filter(case=case).count() == 1


def test_double_click_with_two_keys_acts_once(committed_cast: Cast) -> None:
    """Without a script each click has its own key: the second one is told, and nothing happens twice."""
    cast = committed_cast
    case = factory.complaint(cast, at="claimed")
    accept = {"actor": cast.handler.actor, "now": RECEIVED, "version": case.version}
    answers: list[object] = []

    with held(answers, lambda: actions.accept_complaint(case, key="click-2", **accept)):
        actions.accept_complaint(case, key="click-1", **accept)

    assert answers == [["case.changed", "case.wrong_state"]]
    assert Message.objects.filter(case=case, purpose="acceptance", channel="sms").count() == 1


def test_stale_tab_of_the_same_person_overwrites_nothing(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="investigating")
    business, cause = factory.headings()
    other = choices("cause", on=RECEIVED.date())[1][0]
    tab = {"actor": cast.handler.actor, "now": RECEIVED, "version": case.version, "business_code": business}
    tab["reason"] = "又看了一遍合同。"
    answers: list[object] = []

    with held(answers, lambda: actions.classify_complaint(case, cause_code=other, **tab)):
        actions.classify_complaint(case, cause_code=cause, **tab)

    assert answers == [["case.changed"]]
    assert Complaint.objects.get(pk=case.pk).cause_code == cause


def test_supervisor_approves_while_being_recused(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="deciding")
    vote = {"actor": cast.supervisor.actor, "now": RECEIVED, "payload": factory.payload_of(case)}
    answers: list[object] = []

    with held(answers, lambda: actions.approve_decision(case, **vote)):
        actions.recuse_oneself(case, actor=cast.supervisor.actor, now=RECEIVED, ground="interest", reason="x")

    assert answers == [["actor.recused"]]
    assert Complaint.objects.get(pk=case.pk).state == "deciding"


def test_clock_breaches_while_the_notice_is_recorded(committed_cast: Cast) -> None:
    """The sweep marks what is due; a notice sent in time and recorded in that moment takes the mark back."""
    cast = committed_cast
    case = factory.complaint(cast, at="issued")
    sent, swept = datetime(2026, 10, 13, 18, 0, tzinfo=CST), datetime(2026, 10, 14, 0, 0, tzinfo=CST)
    by_post = {"actor": cast.handler.actor, "now": swept, "manner": "post", "evidence": "EMS 1", "sent_at": sent}
    answers: list[object] = []

    with held(answers, lambda: actions.notify_decision(case, **by_post).state):
        assert mark_breaches(swept) == 1
        Case.locked(case.pk)
    watch_clocks(swept + timedelta(minutes=1))

    assert answers == ["notified"]
    assert case.clocks.get(family="CMP").breached_at is None
    assert not Event.objects.filter(case=case, verb="clocks.breach").exists()


@pytest.mark.rule("R80")
def test_task_that_is_retried_sends_a_notice_once(
    committed_cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker delivers the ring of one notice five times, to two workers at once; the phone shows one text."""
    case = factory.complaint(committed_cast, at="issued", now=current_instant() - timedelta(days=1))
    notice = Message.objects.get(case=case, purpose="decision", channel="sms")
    job = str(Job.objects.get(dedupe_key=f"cases.send_message:{notice.pk}").pk)
    monkeypatch.setattr(sms, "_breaker", Breaker("sms"))
    with FakeSms() as fake:
        settings.SMS_URL = fake.url
        rings = [second(lambda: run(job), []) for _worker in range(2)]
        for ring in rings:
            ring.join(20)
        for _again in range(3):
            run(job)
        shown = [text["key"] for text in fake.sent]

    assert shown.count(str(notice.pk)) == 1
    assert Delivery.objects.filter(message=notice).count() == 1
    assert Complaint.objects.get(pk=case.pk).state == "notified"


@pytest.mark.rule("R80")
def test_database_keeps_one_notice_of_a_version_for_a_channel(committed_cast: Cast) -> None:
    case = factory.complaint(committed_cast, at="issued")
    notice = Message.objects.get(case=case, purpose="decision", channel="sms")
    fields = ("case_id", "party_id", "audience", "channel", "purpose", "template", "decision_id", "created_at")
    again = {name: getattr(notice, name) for name in fields}

    with pytest.raises(IntegrityError, match="message_notice_once"), transaction.atomic():
        Message.objects.create(**again, subject="x", body="x")
    with transaction.atomic():
        assert Message.objects.create(**again | {"channel": "email"}, subject="x", body="x").pk
