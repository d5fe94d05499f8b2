import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from jike.outbox import jobs, leases
from jike.outbox.models import Job
from jike.outbox.registry import handler_of
from tests.outbox.conftest import NOW

LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def work(topic):
    topic(lambda job: None, lease_seconds=30)


def posted(key="k", **options):
    return jobs.post("tests.work", key=key, body={"n": 1}, now=NOW, **options)


@pytest.mark.django_db
def test_claim_takes_a_due_job_once():
    job = posted()

    first = leases.claim(job.pk, now=NOW)
    second = leases.claim(job.pk, now=NOW)

    assert (first.key, first.body, first.attempts, first.fence) == ("k", {"n": 1}, 1, 1)
    assert second is None
    job.refresh_from_db()
    assert (job.state, job.lease_until, job.attempts) == ("running", NOW + LEASE, 1)


@pytest.mark.django_db
def test_claim_leaves_what_is_not_due_done_or_unknown():
    later = posted(due_at=NOW + timedelta(seconds=1))
    done = posted("done")
    leases.finish(leases.claim(done.pk, now=NOW), None, now=NOW)

    assert leases.claim(later.pk, now=NOW) is None
    assert leases.claim(done.pk, now=NOW + timedelta(days=1)) is None
    assert leases.claim(uuid.uuid4(), now=NOW) is None
    assert leases.claim(later.pk, now=NOW + timedelta(seconds=1)) is not None


@pytest.mark.django_db
def test_claim_after_the_lease_raises_the_fence():
    job = posted()
    leases.claim(job.pk, now=NOW)

    in_time = leases.claim(job.pk, now=NOW + LEASE)
    lapsed = leases.claim(job.pk, now=NOW + LEASE + timedelta(seconds=1))

    assert in_time is None
    assert (lapsed.fence, lapsed.attempts) == (2, 2)


@pytest.mark.django_db
def test_a_worker_behind_a_newer_fence_records_nothing():
    job = posted()
    paused = leases.claim(job.pk, now=NOW)
    after = NOW + LEASE + timedelta(seconds=1)
    current = leases.claim(job.pk, now=after)
    recorded = []

    with pytest.raises(jobs.LeaseLost):
        leases.finish(paused, lambda: recorded.append("late"), now=after)
    with pytest.raises(jobs.LeaseLost):
        paused.extend(now=after)
    assert not leases.postpone(paused, seconds=1, code="late.writer", now=after)
    assert not leases.fail(paused, handler_of("tests.work"), code="late.writer", now=after)
    assert not leases.bury(paused, code="late.writer", now=after)
    leases.finish(current, lambda: recorded.append("current"), now=after)

    assert recorded == ["current"]
    job.refresh_from_db()
    assert (job.state, job.fence, job.last_error) == ("done", 2, "")


@pytest.mark.django_db
def test_a_slow_worker_whose_job_nobody_took_may_finish():
    job = posted()
    slow = leases.claim(job.pk, now=NOW)

    leases.finish(slow, None, now=NOW + LEASE * 2)

    job.refresh_from_db()
    assert job.state == "done"


@pytest.mark.django_db
def test_extend_starts_the_lease_anew():
    job = posted()
    claimed = leases.claim(job.pk, now=NOW)

    claimed.extend(now=NOW + timedelta(seconds=20))

    assert leases.claim(job.pk, now=NOW + LEASE + timedelta(seconds=1)) is None
    assert leases.claim(job.pk, now=NOW + LEASE + timedelta(seconds=21)) is not None


@pytest.mark.django_db
def test_finish_rolls_back_with_what_it_was_to_record():
    job = posted()
    claimed = leases.claim(job.pk, now=NOW)

    def record():
        posted("follow-up")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        leases.finish(claimed, record, now=NOW)

    assert list(Job.objects.values_list("dedupe_key", "state")) == [("k", "running")]


@pytest.mark.django_db
def test_finish_keeps_a_receipt_of_codes_and_no_person():
    job, other = posted(), posted("other")

    leases.finish(leases.claim(job.pk, now=NOW), lambda: {"provider": "sms", "provider_id": "sms-1"}, now=NOW)
    with pytest.raises(jobs.Unfit):
        leases.finish(leases.claim(other.pk, now=NOW), lambda: {"to": "13800138000"}, now=NOW)

    job.refresh_from_db()
    assert job.receipt == {"provider": "sms", "provider_id": "sms-1"}


def in_thread(call, results):
    def run():
        try:
            results.append(call())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until_blocked():
    """Until another session waits for a lock that this one holds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("The second worker never waited for the first.")


@pytest.mark.usefixtures("committed")
def test_two_workers_claim_one_job_and_one_gets_it():
    job = posted()
    second = []

    with transaction.atomic():
        first = leases.claim(job.pk, now=NOW)
        thread = in_thread(lambda: leases.claim(job.pk, now=NOW), second)
        wait_until_blocked()
    thread.join(5)

    assert first.fence == 1
    assert second == [None]
    assert Job.objects.get().attempts == 1


@pytest.mark.usefixtures("committed")
def test_finishing_and_taking_over_at_once_gives_one_record():
    job = posted()
    slow = leases.claim(job.pk, now=NOW)
    after = NOW + LEASE + timedelta(seconds=1)
    taken, recorded, threads = [], [], []

    def record():
        recorded.append("slow")
        threads.append(in_thread(lambda: leases.claim(job.pk, now=after), taken))
        wait_until_blocked()

    leases.finish(slow, record, now=after)
    threads[0].join(5)

    assert recorded == ["slow"]
    assert taken == [None]
    assert Job.objects.get().state == "done"


@pytest.mark.usefixtures("committed")
def test_two_posts_of_one_fact_at_once_make_one_job():
    results = []

    with transaction.atomic():
        posted()
        thread = in_thread(posted, results)
        wait_until_blocked()
    thread.join(5)

    assert results == [None]
    assert Job.objects.count() == 1
