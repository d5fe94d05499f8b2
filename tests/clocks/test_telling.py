"""What a clock has reached becomes an event of its case, sealed, once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from cases.clocks import ledger, sweep, telling
from cases.clocks.models import Clock, Passing
from cases.complaints.models import Complaint
from cases.handlers import watch_clocks
from cases.invariants import breaches
from cases.models import Case, Event
from jike import ledger as chain
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.errors import Refused
from tests.clocks.counting import at
from tests.factories.complaints import consumer_of, file

LATE = at("2026-10-15")


def marks_of(case: Any) -> list[tuple[str, Any]]:
    found = Event.objects.filter(case_id=case.pk, category="clock").order_by("seq")
    return [(event.verb, event.data["percent"]) for event in found]


def test_the_ladder_is_told_step_by_step_and_the_end_once(case: Any) -> None:
    for now in ("2026-09-29", "2026-09-30T09:00", "2026-10-10T09:00", "2026-10-12T12:00", "2026-10-15", "2026-10-16"):
        watch_clocks(at(now))

    assert marks_of(case) == [
        ("clocks.warn", 50), ("clocks.warn", 75), ("clocks.warn", 90), ("clocks.breach", 100),
    ]  # fmt: skip
    assert not Passing.objects.exists()


def test_an_event_says_which_clock_and_when_and_is_sealed(case: Any) -> None:
    watch_clocks(LATE)

    row, event = Case.objects.get(pk=case.pk), Event.objects.get(verb="clocks.breach")
    assert event.data == {"clock": "CMP15", "percent": 100, "due": "2026-10-13T23:59:59+08:00"}
    assert (event.actor_kind, event.actor_label, event.at) == ("machine", "clock", LATE)
    assert (event.seq, row.version, event.before_state, event.after_state) == (2, 2, "received", "received")
    assert (row.last_verb, row.last_event_at, row.next_due_code) == ("clocks.breach", LATE, "CMP15")
    assert list(breaches()) == []


def test_a_mark_that_no_longer_holds_is_dropped(case: Any) -> None:
    sweep.mark_breaches(LATE)
    with transaction.atomic():
        ledger.stop(Case.locked(case.pk), "CMP", at=at("2026-10-13"), now=LATE)

    assert telling.tell(actor=machine_actor("clock"), now=LATE) == 1
    assert marks_of(case) == []
    assert not Passing.objects.exists()


def test_a_warning_of_a_clock_that_is_late_by_now_is_not_told_twice(case: Any) -> None:
    sweep.mark_warnings(at("2026-10-12T23:00"))
    watch_clocks(LATE)

    assert marks_of(case) == [("clocks.breach", 100)]


def test_two_marks_of_one_case_are_two_versions(case: Any) -> None:
    ledger.start(case, "XF_OBJ", at=at("2026-09-28"), now=at("2026-09-28"))
    Case.objects.filter(pk=case.pk).update(next_due_at=case.next_due_at, next_due_code=case.next_due_code)

    watch_clocks(LATE)

    assert [event.seq for event in Event.objects.filter(case_id=case.pk).order_by("seq")] == [1, 2, 3]
    assert marks_of(case) == [("clocks.breach", 100)] * 2
    assert list(breaches()) == []


def test_rights_of_others_are_no_work_of_the_staff(case: Any) -> None:
    ledger.stop(case, "CMP", at=at("2026-10-01"), now=at("2026-10-01"))
    ledger.start(case, "REV_REQ", at=at("2026-10-01"), now=at("2026-10-01"))

    watch_clocks(at("2027-06-01"))

    assert marks_of(case) == []


def test_only_the_clock_tells(case: Any) -> None:
    sweep.mark_breaches(LATE)
    for actor in (consumer_actor(None), machine_actor("outbox-worker")):
        with pytest.raises(Refused):
            telling.tell(actor=actor, now=LATE)
    assert Passing.objects.count() == 1


def test_what_hears_of_it_shares_its_fate(case: Any) -> None:
    def fails(told: Any, now: Any) -> None:
        assert [(one.number, one.percent, one.is_breach) for one in told] == [(case.number, 100, True)]
        raise RuntimeError

    sweep.mark_breaches(LATE)
    with pytest.raises(RuntimeError):
        telling.tell(actor=machine_actor("clock"), now=LATE, then=fails)
    assert marks_of(case) == []
    assert Passing.objects.count() == 1


def test_a_page_that_was_open_meanwhile_may_still_act(case: Any) -> None:
    from cases.complaints import actions

    opened = case.version
    watch_clocks(LATE)
    assert Case.objects.get(pk=case.pk).version == opened + 1

    gone = actions.withdraw_complaint(case, actor=consumer_of(case), now=LATE, version=opened)
    assert gone.state == "withdrawn"
    with pytest.raises(Refused, match=r"case\.changed"):
        actions.withdraw_complaint(case, actor=consumer_of(case), now=LATE, version=opened)
    with pytest.raises(Refused, match=r"case\.changed"):
        actions.withdraw_complaint(case, actor=consumer_of(case), now=LATE, version=99)


def test_a_batch_takes_the_same_statements_for_one_and_for_many(case: Any, django_assert_num_queries: Any) -> None:
    for _ in range(12):
        file()
    sweep.mark_breaches(LATE)
    clock = machine_actor("clock")
    with django_assert_num_queries(9):
        assert telling.tell(actor=clock, now=LATE, limit=1) == 1
    with django_assert_num_queries(9):
        assert telling.tell(actor=clock, now=LATE) == 12
    assert Event.objects.filter(verb="clocks.breach").count() == 13


def test_two_sweeps_at_once_tell_each_mark_once(own_database: str) -> None:
    from cases.starter import ensure_starter_data

    ensure_starter_data(at("2026-09-28"))
    for _ in range(30):
        file()
    taken: list[int] = []
    ready = threading.Barrier(3)

    def run() -> None:
        ready.wait()
        try:
            sweep.mark_breaches(LATE, limit=10)
            while took := telling.tell(actor=machine_actor("clock"), now=LATE, limit=5):
                taken.append(took)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch_clocks(LATE)

    assert Event.objects.filter(verb="clocks.breach").count() == 30
    assert Clock.objects.exclude(breached_at=None).count() == 30
    assert set(Complaint.objects.values_list("version", flat=True)) == {2}
    assert list(chain.verify()) == []


def test_a_case_somebody_works_on_is_told_afterwards(own_database: str) -> None:
    from cases.starter import ensure_starter_data

    ensure_starter_data(at("2026-09-28"))
    case = file()
    sweep.mark_breaches(LATE)
    held, done = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                ledger.stop(Case.locked(case.pk), "CMP", at=at("2026-10-13"), now=LATE)
                held.set()
                assert done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(20)
    assert telling.tell(actor=machine_actor("clock"), now=LATE) == 0
    done.set()
    thread.join()

    assert telling.tell(actor=machine_actor("clock"), now=LATE + timedelta(seconds=5)) == 1
    assert marks_of(case) == []
