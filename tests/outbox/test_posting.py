import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from jike.outbox import doorbell, jobs
from jike.outbox.models import Job
from tests.outbox.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work(topic):
    topic(lambda job: None, queue="notify", lease_seconds=30)


def test_post_writes_the_job_with_one_statement(django_assert_num_queries):
    case = uuid.uuid4()

    with django_assert_num_queries(1):
        posted = jobs.post("tests.work", key="tests.work:1", body={"case": case}, now=NOW, subject=case)

    job = Job.objects.get()
    assert posted == job
    assert (job.topic, job.queue, job.dedupe_key, job.body) == (
        "tests.work",
        "notify",
        "tests.work:1",
        {"case": str(case)},
    )
    assert (job.state, job.due_at, job.published_at, job.lease_seconds, job.subject) == ("ready", NOW, NOW, 30, case)


def test_post_later_is_not_published_yet():
    job = jobs.post("tests.work", key="later", body={}, now=NOW, due_at=NOW + timedelta(days=1))

    assert job.published_at is None
    assert Job.objects.get().due_at == NOW + timedelta(days=1)


def test_post_twice_with_one_key_keeps_the_first():
    first = jobs.post("tests.work", key="once", body={"version": 1}, now=NOW)
    second = jobs.post("tests.work", key="once", body={"version": 2}, now=NOW)

    assert first is not None and second is None
    assert Job.objects.get().body == {"version": 1}


def test_post_leaves_nothing_when_the_fact_rolls_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.post("tests.work", key="undone", body={}, now=NOW)
        assert Job.objects.count() == 1
        raise RuntimeError

    assert Job.objects.count() == 0


def test_post_many_writes_all_with_one_statement_and_returns_the_new_ones(django_assert_num_queries):
    jobs.post("tests.work", key="n:1", body={}, now=NOW)

    with django_assert_num_queries(1):
        posted = jobs.post_many([jobs.NewJob("tests.work", f"n:{n}", {"n": n}) for n in range(3)], now=NOW)

    assert [job.dedupe_key for job in posted] == ["n:0", "n:2"]
    assert Job.objects.count() == 3
    assert jobs.post_many([], now=NOW) == []


@pytest.mark.parametrize("wrong", [{"key": "张三", "body": {}}, {"key": "k", "body": {"phone": "13800138000"}}])
def test_post_refuses_personal_data_and_writes_nothing(wrong):
    with pytest.raises(jobs.Unfit):
        jobs.post("tests.work", now=NOW, **wrong)

    assert Job.objects.count() == 0


def test_post_refuses_a_topic_nobody_works():
    with pytest.raises(jobs.UnknownTopic):
        jobs.post("tests.nobody", key="k", body={}, now=NOW)


def test_post_rings_only_after_commit(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(doorbell, "ring_soon", lambda calls: rung.extend(calls))

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.post("tests.work", key="k", body={}, now=NOW)
        jobs.post("tests.work", key="later", body={}, now=NOW, due_at=NOW + timedelta(seconds=1))
        assert rung == []

    assert rung == [("notify", job.pk)]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'unknown'",
        "state = 'running'",
        "state = 'done'",
        "state = 'dead', finished_at = now()",
        "lease_until = now()",
        "retried_at = now()",
    ],
)
def test_database_refuses_a_job_that_contradicts_itself(change):
    jobs.post("tests.work", key="k", body={}, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE outbox_job SET {change}")
