import logging
from datetime import timedelta

import pytest

from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.outbox import jobs, leases
from jike.outbox.models import Job
from jike.outbox.working import run_due, run_jobs
from tests.outbox.conftest import NOW

pytestmark = pytest.mark.django_db


class Clock:
    """An instant that tests move."""

    def __init__(self):
        self.at = NOW

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


def posted(key="k"):
    return jobs.post("tests.work", key=key, body={}, now=NOW)


def raising(error):
    def work(job):
        raise error

    return work


def test_run_job_works_then_records_in_the_finishing_transaction(topic, clock):
    seen = []

    def work(job):
        seen.append((job.key, Job.objects.get().state))
        return lambda: {"provider_id": "p-1"}

    topic(work)
    job = posted()

    assert jobs.run_job(job.pk, clock=clock) == "done"
    assert jobs.run_job(job.pk, clock=clock) == "idle"

    job.refresh_from_db()
    assert seen == [("k", "running")]
    assert (job.state, job.finished_at, job.receipt, job.attempts) == ("done", NOW, {"provider_id": "p-1"}, 1)


def test_failures_back_off_by_doubling_and_end_as_a_dead_letter(topic, clock, caplog):
    topic(raising(jobs.Failed("sms.timeout")), max_attempts=5)
    job = posted()
    pauses, outcomes = [], []

    for _ in range(5):
        outcomes.append(jobs.run_job(job.pk, clock=clock))
        job.refresh_from_db()
        pauses.append((job.due_at - clock.at).total_seconds())
        assert jobs.run_job(job.pk, clock=clock) == "idle"
        clock.at = job.due_at

    assert pauses[:4] == [2, 4, 8, 16]
    assert outcomes == ["failed", "failed", "failed", "failed", "dead"]
    assert (job.state, job.attempts, job.last_error) == ("dead", 5, "sms.timeout")
    assert list(jobs.dead_letters()) == [job]
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [
        f"outbox.dead job={job.pk} topic=tests.work attempts=5 code=sms.timeout"
    ]


def test_the_pause_never_exceeds_an_hour(topic):
    from jike.outbox.registry import handler_of

    topic(lambda job: None)
    handler = handler_of("tests.work")

    assert [handler.pause_after(n).total_seconds() for n in (1, 2, 11, 12, 13, 500)] == [2, 4, 2048, 3600, 3600, 3600]


def test_a_provider_may_ask_for_a_longer_pause(topic, clock):
    topic(raising(jobs.Failed("sms.busy", after=120)))
    job = posted()

    jobs.run_job(job.pk, clock=clock)

    job.refresh_from_db()
    assert job.due_at == NOW + timedelta(seconds=120)


def test_postponing_counts_no_attempt(topic, clock):
    topic(raising(jobs.Postpone(300, "pango.missing")), max_attempts=2)
    job = posted()

    for _ in range(5):
        assert jobs.run_job(job.pk, clock=clock) == "postponed"
        clock.at += timedelta(seconds=300)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error, job.due_at) == ("ready", 0, "pango.missing", clock.at)


def test_giving_up_spends_no_further_attempt(topic, clock):
    topic(raising(jobs.GiveUp("sms.refused")))
    job = posted()

    assert jobs.run_job(job.pk, clock=clock) == "dead"

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("dead", 1, "sms.refused")


def test_the_text_of_an_error_is_neither_kept_nor_logged(topic, clock, caplog):
    caplog.set_level(logging.DEBUG)
    topic(raising(ValueError("张小明 13800138000")))
    job = posted()

    jobs.run_job(job.pk, clock=clock)

    job.refresh_from_db()
    assert job.last_error == "error.ValueError"
    assert "error.ValueError" in caplog.text
    assert "张小明" not in caplog.text and "13800138000" not in caplog.text


def test_a_failed_record_leaves_nothing_and_is_tried_again(topic, clock):
    recorded = []

    def work(job):
        def record():
            jobs.post("tests.work", key="follow-up", body={}, now=NOW)
            recorded.append(job.attempts)
            if len(recorded) == 1:
                raise RuntimeError

        return record if job.key == "k" else None

    topic(work)
    job = posted()

    assert jobs.run_job(job.pk, clock=clock) == "failed"
    assert Job.objects.count() == 1
    clock.at += timedelta(seconds=2)
    assert jobs.run_job(job.pk, clock=clock) == "done"

    assert recorded == [1, 2]
    assert set(Job.objects.values_list("dedupe_key", "state")) == {("k", "done"), ("follow-up", "ready")}


def test_a_job_that_kills_its_workers_becomes_a_dead_letter(topic, clock):
    worked = []
    topic(lambda job: worked.append(job.attempts), max_attempts=2, lease_seconds=30)
    job = posted()

    for _ in range(2):
        leases.claim(job.pk, now=clock.at)
        clock.at += timedelta(seconds=31)

    assert jobs.run_job(job.pk, clock=clock) == "dead"
    job.refresh_from_db()
    assert (worked, job.last_error) == ([], "worker.lost")


def test_a_worker_of_an_older_release_leaves_the_job(topic, clock, monkeypatch):
    topic(lambda job: None)
    job = posted()
    monkeypatch.setattr("jike.outbox.registry._handlers", {})

    assert jobs.run_job(job.pk, clock=clock) == "postponed"

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("ready", 0, "topic.unknown")


def test_the_late_worker_is_told_that_it_lost_the_job(topic, clock):
    def work(job):
        clock.at += timedelta(seconds=31)
        assert leases.claim(job.id, now=clock.at).fence == 2
        return lambda: recorded.append("late")

    recorded = []
    topic(work, lease_seconds=30)
    job = posted()

    assert jobs.run_job(job.pk, clock=clock) == "lost"

    job.refresh_from_db()
    assert (recorded, job.state, job.fence) == ([], "running", 2)


def test_one_poisoned_job_does_not_hold_up_the_others(topic, clock):
    def work(job):
        if job.key == "n:3":
            raise ValueError

    topic(work)
    ids = [posted(f"n:{n}").pk for n in range(6)]

    assert run_jobs(ids, clock=clock) == {"done": 5, "failed": 1}


def test_jobs_of_one_moment_are_done_in_the_order_in_which_they_were_posted(topic, clock):
    done = []
    topic(lambda job: done.append(job.key))
    ids = [posted(f"n:{n}").pk for n in range(40)]
    Job.objects.filter(pk__in=ids[:5]).update(attempts=0)  # their rows lie behind the others now

    run_jobs(reversed(ids), clock=clock)

    assert done == [f"n:{n}" for n in range(40)]


def test_run_jobs_asks_once_which_are_still_open(topic, clock, django_assert_num_queries):
    topic(lambda job: None)
    ids = [posted(f"n:{n}").pk for n in range(6)]
    run_jobs(ids, clock=clock)

    with django_assert_num_queries(1):
        assert run_jobs(ids, clock=clock) == {}


def test_run_due_also_does_what_the_work_posts(topic, clock):
    def work(job):
        return lambda: jobs.post("tests.work", key="next", body={}, now=NOW) and None

    topic(work)
    posted()

    assert run_due(clock=clock) == {"done": 2}
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_retry_dead_gives_the_attempts_back_to_who_may(topic, clock):
    topic(raising(jobs.GiveUp("sms.refused")))
    job = posted()
    jobs.run_job(job.pk, clock=clock)
    operator = Actor("staff", "Operator", id=uuid7(), powers=frozenset({"operations.retry"}))
    handler = Actor("staff", "Handler", id=uuid7())

    with pytest.raises(Refused) as refusal:
        jobs.retry_dead(job, actor=handler, now=NOW)
    assert [blocker.code for blocker in refusal.value.blockers] == ["actor.no_power"]
    assert Job.objects.get().state == "dead"

    again = jobs.retry_dead(job, actor=operator, now=NOW)
    assert (again.state, again.attempts, again.retried_by, again.retried_at) == ("ready", 0, operator.id, NOW)
    assert list(jobs.dead_letters()) == []
    with pytest.raises(Refused) as refusal:
        jobs.retry_dead(job, actor=operator, now=NOW)
    assert [blocker.code for blocker in refusal.value.blockers] == ["job.not_dead"]
