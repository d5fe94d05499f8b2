"""SIGKILL of real worker processes at every point of a delivery, and of a Celery worker with its broker."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection

from jike.base.dates import now as current_instant
from jike.outbox import jobs
from jike.outbox.fakes.sms import FakeSms
from jike.outbox.models import Job
from jike.outbox.working import run_due

FAILPOINTS = ["job.claimed", "job.sent", "job.finishing", "job.committed"]
CELERY = "worker -B -c 1 -l ERROR -Q notify,documents,default --without-gossip --without-mingle --without-heartbeat"
PROVIDER_REACHED = {"job.sent", "job.finishing", "job.committed"}

pytestmark = pytest.mark.usefixtures("committed")


def environment(home, **more):
    """What a separate process needs to work on the test database."""
    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else ""
    url = f"postgres://{quote(at['USER'])}{password}@/{quote(at['NAME'])}?host={quote(at['HOST'], safe='')}"
    keys = {
        name: getattr(django_settings, name)
        for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "LEDGER_KEY", "LEDGER_SIGNING_KEY", "LINK_KEY")
    }
    inherited = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
    return {
        **inherited,
        **keys,
        "PATH": "/nowhere",  # without Redis the broker is a folder of the home, which the test can wipe
        "DATABASE_URL": url + (f"&port={at['PORT']}" if at["PORT"] else ""),
        "DJANGO_SETTINGS_MODULE": "jike.settings",
        "JIKE_HOME": str(home),
        "CELERY_SKIP_CHECKS": "1",
        **more,
    }


@pytest.fixture
def worker_module():
    """The topics of the worker, also in this process, which posts and recovers."""
    from tests.outbox import worker

    return worker


def finished(key):
    return list(Job.objects.filter(dedupe_key__startswith=f"followed:{key}:").values_list("state", flat=True))


def test_a_worker_killed_anywhere_loses_nothing_and_tells_nobody_twice(tmp_path, settings, worker_module):
    with FakeSms() as fake, FakeSms(dedupe=False) as careless:
        settings.SMS_URL = fake.url
        posted = {
            point: jobs.post(worker_module.TOPIC, key=point, body={}, now=current_instant()) for point in FAILPOINTS
        }
        killed = subprocess.run(
            [sys.executable, "-m", "tests.outbox.worker", *(f"{point}={job.pk}" for point, job in posted.items())],
            cwd=django_settings.BASE_DIR,
            env=environment(tmp_path, SMS_URL=fake.url, ENABLE_FAILPOINTS="1"),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )

        assert killed.stdout.split() == [f"{point}={-signal.SIGKILL}" for point in FAILPOINTS]
        assert {job.dedupe_key: job.state for job in Job.objects.filter(topic=worker_module.TOPIC)} == {
            "job.claimed": "running",
            "job.sent": "running",
            "job.finishing": "running",
            "job.committed": "done",
        }
        assert set(fake.calls) == PROVIDER_REACHED

        lapsed = current_instant() + timedelta(seconds=worker_module.LEASE_SECONDS + 1)
        assert run_due(clock=lambda: lapsed)["done"] == 3 + 4
        assert set(Job.objects.values_list("state", flat=True)) == {"done"}
        assert {point: finished(point) for point in FAILPOINTS} == {point: ["done"] for point in FAILPOINTS}
        assert fake.calls == {"job.claimed": 1, "job.sent": 2, "job.finishing": 2, "job.committed": 1}
        assert sorted(message["key"] for message in fake.sent) == sorted(FAILPOINTS)
        assert not careless.calls


@contextmanager
def celery_worker(home, **env):
    """A real worker with its pool on the broker of `home`, killed as a whole group at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.outbox.worker", *CELERY.split()],
        cwd=django_settings.BASE_DIR,
        env=environment(home, **env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("It never happened.")


def test_a_killed_celery_worker_and_a_wiped_broker_cost_delay_only(tmp_path, worker_module):
    broker = tmp_path / "broker"
    with FakeSms(slow_seconds=20) as fake:
        fake.fail(["slow"])
        env = {"SMS_URL": fake.url, "SWEEP_SOON": "1"}
        # Posted in the past: nobody rang for it, the sweep of the worker must.
        job = jobs.post(worker_module.TOPIC, key="survivor", body={}, now=current_instant() - timedelta(seconds=20))
        with celery_worker(tmp_path, **env):
            wait_for(lambda: fake.calls["survivor"] == 1)
        shutil.rmtree(broker)

        assert Job.objects.get(pk=job.pk).state == "running"
        Job.objects.filter(pk=job.pk).update(published_at=None)
        with celery_worker(tmp_path, **env):
            wait_for(lambda: Job.objects.filter(pk=job.pk, state="done").exists())

        assert fake.calls == {"survivor": 2}
        assert len(fake.sent) == 1
        assert len(finished("survivor")) == 1
