import json
import threading
import time
import uuid
from queue import Empty

import pytest
from celery import Celery
from kombu import Connection

from jike.outbox import application, doorbell, tasks
from jike.outbox.doorbell import Doorbell, ring
from jike.outbox.folders import Transport
from jike.outbox.models import Job
from jike.outbox.working import survive_database


def ids(number):
    return [uuid.uuid4() for _ in range(number)]


@pytest.fixture
def folder(tmp_path):
    return {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}


@pytest.fixture
def broker(monkeypatch, folder):
    """An application of its own on a folder of messages; returns what lies in the folder as (task, queue, arguments)."""
    app = Celery("tests", set_as_current=False, fixups=[])
    app.conf.update(
        application.celery_settings(),
        broker_url="filesystem://",
        broker_transport="jike.outbox.folders:Transport",
        broker_transport_options=folder,
    )
    monkeypatch.setattr(application, "app", app)

    def messages():
        found = []
        with Connection("filesystem://", transport=Transport, transport_options=folder) as connection:
            channel = connection.channel()
            for queue in ("notify", "documents", "default"):
                while True:
                    try:
                        payload = channel._get(queue)
                    except Empty:
                        break
                    body = channel.decode_body(payload["body"], payload["properties"]["body_encoding"])
                    found.append((payload["headers"]["task"], queue, json.loads(body)[1]))
        return found

    yield messages
    app.close()


def test_few_jobs_are_rung_for_one_by_one_on_their_queues(broker):
    first, second = ids(2)

    assert ring([("notify", first), ("documents", second)])

    assert broker() == [
        ("outbox.run", "notify", {"job_id": str(first)}),
        ("outbox.run", "documents", {"job_id": str(second)}),
    ]


def test_many_jobs_are_rung_for_in_tasks_of_five_hundred(broker):
    wanted = ids(1001)

    assert ring([("notify", one) for one in wanted])

    found = broker()
    assert [(task, queue, len(arguments.get("ids", [1]))) for task, queue, arguments in found] == [
        ("outbox.run_many", "notify", 500),
        ("outbox.run_many", "notify", 500),
        ("outbox.run_many", "notify", 1),
    ]
    assert [one for _task, _queue, arguments in found for one in arguments["ids"]] == [str(one) for one in wanted]


def test_documents_are_never_batched(broker):
    assert ring([("documents", one) for one in ids(30)])

    assert {task for task, _queue, _arguments in broker()} == {"outbox.run"}


def test_ringing_without_a_broker_is_false_and_logged_by_code(broker, monkeypatch, caplog, tmp_path):
    (tmp_path / "file").write_text("")
    application.app.conf.broker_transport_options = {
        "data_folder_out": str(tmp_path / "file"),
        "control_folder": str(tmp_path / "file"),
    }

    assert ring([("notify", one) for one in ids(1)]) is False
    assert "outbox.doorbell_failed code=error." in caplog.text


def test_a_request_never_waits_for_the_broker(monkeypatch):
    answered, blocked = threading.Event(), threading.Event()

    def slow(calls):
        blocked.set()
        answered.wait(5)
        return True

    monkeypatch.setattr(doorbell, "ring", slow)
    bell = Doorbell()
    started = time.perf_counter()
    for one in ids(100):
        bell.ring_soon([("notify", one)])
    took = time.perf_counter() - started

    assert blocked.wait(5)
    assert took < 1
    answered.set()
    bell.close(5)


def test_waiting_calls_are_rung_for_together_and_before_the_end(monkeypatch):
    batches, go = [], threading.Event()
    monkeypatch.setattr(doorbell, "ring", lambda calls: (batches.append(list(calls)), go.wait(5)))
    bell = Doorbell()
    wanted = [("notify", one) for one in ids(50)]

    for call in wanted:
        bell.ring_soon([call])
    go.set()
    bell.close(5)

    assert [call for batch in batches for call in batch] == wanted
    assert len(batches) < 50


def test_after_a_failure_the_bell_rests(monkeypatch):
    tries = []
    monkeypatch.setattr(doorbell, "ring", lambda calls: tries.append(list(calls)))
    bell = Doorbell()

    bell.ring_soon([("notify", one) for one in ids(1)])
    bell.close(5)
    bell.ring_soon([("notify", one) for one in ids(1)])
    bell.close(5)

    assert len(tries) == 1


def test_the_folder_drops_what_is_no_message(tmp_path, folder, caplog):
    for number, text in enumerate(["", "{", "[]", "\x80\x04", '{"body": 1}']):
        (tmp_path / f"{number}_x.notify.msg").write_text(text)

    message = {"body": "{}", "properties": {"delivery_tag": "1"}, "headers": {}}
    with Connection("filesystem://", transport=Transport, transport_options=folder) as connection:
        channel = connection.channel()
        channel._put("notify", message)
        assert channel._get("notify") == message
        with pytest.raises(Empty):
            channel._get("notify")

    assert caplog.text.count("ring.unreadable") == 5
    assert not [path for path in tmp_path.iterdir() if path.name.endswith((".msg", ".taken"))]


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["", "not-a-uuid", None, 7, ["x"], "x" * 10_000, {"a": 1}])
def test_a_forged_ring_does_nothing(forged, caplog):
    tasks.run(forged)
    tasks.run_many([forged])
    tasks.run_many(forged)

    assert Job.objects.count() == 0
    assert "not-a-uuid" not in caplog.text and "xxx" not in caplog.text


@pytest.mark.django_db
def test_a_ring_for_an_unknown_job_does_nothing():
    tasks.run(str(uuid.uuid4()))
    tasks.run_many([str(one) for one in ids(500)])

    assert Job.objects.count() == 0


def test_a_worker_survives_the_database(caplog, db):
    from django.db import OperationalError

    def away():
        raise OperationalError("server closed the connection: 13800138000")

    survive_database(away)

    assert "outbox.database code=error.OperationalError" in caplog.text
    assert "13800138000" not in caplog.text


def test_the_application_is_a_doorbell_and_nothing_more():
    conf = application.app.conf

    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    assert (conf.task_serializer, conf.accept_content, conf.result_backend, conf.task_ignore_result) == (
        "json",
        ["json"],
        None,
        True,
    )
    assert [queue.name for queue in conf.task_queues] == ["notify", "documents", "default"]
    assert conf.task_time_limit < application.VISIBILITY_TIMEOUT
    assert {entry["task"]: entry["schedule"] for entry in conf.beat_schedule.values()} == {"outbox.sweep": 5.0}
    assert {name for name in application.app.tasks if name.startswith("outbox.")} == {
        "outbox.run",
        "outbox.run_many",
        "outbox.sweep",
    }
