import logging
from datetime import timedelta

import pytest
from django.db import connection

from jike.outbox import doorbell, jobs, leases, registry, sweeping
from jike.outbox.models import Job
from jike.outbox.sweeping import ring_due, sweep, worker_seen_since
from tests.outbox.conftest import NOW
from tests.outbox.test_leases import in_thread


@pytest.fixture
def rung(monkeypatch):
    calls = []
    monkeypatch.setattr(doorbell, "ring", lambda found: calls.extend(found) or True)
    return calls


@pytest.fixture(autouse=True)
def work(topic, monkeypatch):
    monkeypatch.setattr(registry, "_timers", {})
    topic(lambda job: None, queue="notify", lease_seconds=30)


def posted(key="k", **options):
    return jobs.post("tests.work", key=key, body={}, now=NOW, **options)


def seconds(number):
    return NOW + timedelta(seconds=number)


@pytest.mark.django_db
def test_sweep_rings_again_when_nobody_came_for_fifteen_seconds(rung):
    job = posted()

    assert ring_due(now=seconds(14)) == (0, 0)
    assert ring_due(now=seconds(15)) == (1, 0)
    assert ring_due(now=seconds(29)) == (0, 0)
    assert ring_due(now=seconds(30)) == (1, 0)

    assert rung == [("notify", job.pk)] * 2


@pytest.mark.django_db
def test_sweep_rings_at_once_for_what_has_become_due(rung):
    posted(due_at=seconds(60))

    assert ring_due(now=seconds(59)) == (0, 0)
    assert ring_due(now=seconds(60)) == (1, 0)


@pytest.mark.django_db
def test_sweep_takes_jobs_back_from_lapsed_leases(rung):
    job = posted()
    leases.claim(job.pk, now=NOW)

    assert ring_due(now=seconds(30)) == (0, 0)
    assert ring_due(now=seconds(31)) == (1, 1)
    assert leases.claim(job.pk, now=seconds(31)).fence == 2


@pytest.mark.django_db
def test_sweep_leaves_done_and_dead_jobs(rung):
    done, dead = posted("done"), posted("dead")
    leases.finish(leases.claim(done.pk, now=NOW), None, now=NOW)
    leases.bury(leases.claim(dead.pk, now=NOW), code="sms.refused", now=NOW)

    assert ring_due(now=NOW + timedelta(days=9)) == (0, 0)


@pytest.mark.django_db
def test_sweep_works_off_any_number_in_batches(rung, monkeypatch):
    monkeypatch.setattr(sweeping, "RING_BATCH", 4)
    jobs.post_many([jobs.NewJob("tests.work", f"n:{n}", {}) for n in range(10)], now=NOW)

    assert ring_due(now=seconds(15)) == (10, 0)
    assert len(set(rung)) == 10


@pytest.mark.django_db
def test_sweep_stops_ringing_when_the_broker_is_away(monkeypatch):
    monkeypatch.setattr(sweeping, "RING_BATCH", 4)
    monkeypatch.setattr(doorbell, "ring", lambda found: False)
    jobs.post_many([jobs.NewJob("tests.work", f"n:{n}", {}) for n in range(10)], now=NOW)

    assert ring_due(now=seconds(15)) == (4, 0)


@pytest.mark.django_db
def test_two_beats_that_fire_together_make_one_pass(rung):
    fired = []
    registry.timer("tests.tick")(fired.append)

    assert sweep(now=seconds(0), by="worker") is not None
    assert sweep(now=seconds(1), by="worker") is None
    assert sweep(now=seconds(5), by="worker") is not None
    assert sweep(now=seconds(6), by="command") is not None

    assert fired == [seconds(0), seconds(5), seconds(6)]


@pytest.mark.usefixtures("committed")
def test_a_sweep_that_runs_keeps_others_out(rung):
    meanwhile = []
    registry.timer("tests.slow")(lambda now: in_thread(lambda: sweep(now=now), meanwhile).join(5))

    assert sweep(now=NOW) is not None
    assert meanwhile == [None]

    registry.timer("tests.slow")(lambda now: None)
    assert sweep(now=NOW) is not None


@pytest.mark.django_db
def test_a_broken_timer_stops_neither_the_others_nor_the_ringing(rung, caplog):
    fired = []

    def broken(now):
        raise ValueError("张小明")

    registry.timer("tests.broken")(broken)
    registry.timer("tests.tick")(fired.append)
    posted()

    swept = sweep(now=seconds(15))

    assert swept.as_dict() == {"timers": 2, "timers_failed": 1, "rung": 1, "recovered": 0}
    assert fired == [seconds(15)]
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [
        "outbox.timer_failed timer=tests.broken code=error.ValueError"
    ]


@pytest.mark.django_db
def test_a_worker_is_seen_by_its_sweep_and_a_command_is_not(rung):
    sweep(now=NOW, by="command")
    assert not worker_seen_since(NOW)

    sweep(now=NOW, by="worker")
    assert worker_seen_since(NOW)
    assert not worker_seen_since(seconds(1))


@pytest.mark.django_db
def test_finding_due_jobs_uses_the_partial_indexes():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sweeping._FIND, {"now": NOW, "before": NOW, "limit": 10})
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "job_ready_due" in plan and "job_running_lease" in plan
    assert Job.objects.count() == 0
