"""`make faults`: twenty kills at every point, and a storm that kills at random while people work. Nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Event, Message
from jike.base.dates import now
from jike.outbox import jobs
from jike.outbox.models import Job
from tests.factories import complaints as factory
from tests.faults import acting
from tests.faults.acting import EARLIER, Act
from tests.faults.checks import drained, everything_told_once, happened_once, leases_lapsed, verified
from tests.faults.conftest import Stage
from tests.faults.stack import answers, free_port, redis, running, staff_visitor, sweep, wait_for, web, worker_command
from tests.faults.test_kills import WEB, WORKER

pytestmark = pytest.mark.storm

TIMES = 20
SEED = 20261122
STORM_SECONDS = 90
CLIENTS, CASES_EACH = 4, 20


def done_but_texts(before: set[UUID]) -> None:
    """Do whatever is not a text message here, so that workers are killed over the text messages."""
    texts = {str(pk) for pk in Message.objects.filter(channel="sms").values_list("pk", flat=True)}
    for job in Job.objects.exclude(pk__in=before):
        if job.body.get("message") not in texts:
            jobs.run_job(job.pk)


def claimed(stage: Stage, count: int) -> list[Complaint]:
    cases = [factory.complaint(stage.cast, at="claimed", now=now() - EARLIER) for _ in range(count)]
    Job.objects.filter(state="ready").update(due_at=now())
    assert sweep(stage.env()) == 0
    return cases


@pytest.mark.parametrize("point", WEB)
def test_twenty_kills_of_web(stage: Stage, point: str) -> None:
    visitor = staff_visitor(stage.cast.handler.user)
    cases = claimed(stage, TIMES)
    acts = [acting.accepting(case, visitor) for case in cases]

    with web(stage.env(failpoint=point)) as port:
        for act in acts:
            wait_for(lambda: answers(port))
            assert act.send(port) is None
    done = Event.objects.filter(verb="complaints.accept").count()
    assert done == (TIMES if point == "verb.committed" else 0)
    with web(stage.env()) as port:
        assert [act.send(port) for act in acts] == [302] * TIMES
    assert sweep(stage.env()) == 0

    assert all(happened_once(case.pk, "complaints.accept") for case in cases)
    everything_told_once(stage.fake)
    verified()


@pytest.mark.parametrize("point", WORKER)
def test_twenty_kills_of_a_celery_worker(stage: Stage, point: str) -> None:
    """Each job kills the pool process that has it; the broker hands its bell to the next, which finds the job leased."""
    cases = claimed(stage, TIMES)
    before = set(Job.objects.values_list("pk", flat=True))
    for case in cases:
        actions.accept_complaint(case, actor=stage.cast.handler.actor, now=now())
    done_but_texts(before)
    Job.objects.filter(state="ready").update(published_at=None, lease_seconds=3600)
    # Celery believes in a lost process after ten seconds: several die side by side.
    with running(worker_command(processes=5), stage.env(failpoint=point)):
        wait_for(lambda: reached(stage, point, cases), seconds=240)
    assert max(stage.fake.calls.values()) == 1

    leases_lapsed()
    assert sweep(stage.env()) == 0

    again = sum(calls - 1 for calls in stage.fake.calls.values())
    assert again == (TIMES if point in ("job.sent", "job.finishing") else 0)
    everything_told_once(stage.fake)
    verified()


def reached(stage: Stage, point: str, cases: list[Complaint]) -> bool:
    """Whether every job of the twenty has come as far as `point`."""
    if Job.objects.filter(state="ready").exists():
        return False
    if point == "job.committed":
        return drained()
    keys = Message.objects.filter(case__in=cases, channel="sms").values_list("pk", flat=True)
    return point == "job.claimed" or all(stage.fake.calls[str(key)] for key in keys)


class Service:
    """A process that is killed, wholly or one of its children, and started anew."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self._command, self._env = command, env
        self.kills = 0
        self.start()

    def start(self) -> None:
        log = (Path(self._env["JIKE_HOME"]) / "storm.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                self._command, cwd=settings.BASE_DIR, env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, dice: random.Random) -> None:
        """One child, or now and then everything."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = children.read_text().split() if children.exists() else []
        self.kills += 1
        if found and dice.random() < 0.7:
            with suppress(ProcessLookupError):
                os.kill(int(dice.choice(found)), signal.SIGKILL)
            return
        self.end()
        self.start()

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def working_day(port: int, cases: list[Complaint], visitor: object, unanswered: list[int], stop_at: float) -> None:
    """One client: every act is sent with its key until somebody answers, however often that takes."""
    business, cause = factory.headings()
    steps = {
        "accept": {},
        "classify": {"business_code": business, "cause_code": cause},
        "note": {"text": "电话无人接听。"},
        "message": {"channel": "sms", "text": "正在核实。"},
    }
    try:
        for case in cases:
            for verb, fields in steps.items():
                act = Act(visitor, f"/staff/cases/{case.number}/{verb}/", {"key": f"{verb}-{case.number}", **fields})
                while (status := act.send(port)) != 302:
                    assert status in (None, 500, 503), status
                    assert time.monotonic() < stop_at, "never answered"
                    unanswered.append(1)
                    time.sleep(0.2)
            time.sleep(0.3)
    finally:
        connections.close_all()


@pytest.mark.parametrize("broker", ["folder", "redis"])
def test_random_kill_storm(stage: Stage, broker: str) -> None:
    """Web, worker with its timer and the broker are killed at random for a minute and a half under four clients."""
    if broker == "redis" and not shutil.which("redis-server"):
        pytest.skip("there is no Redis on this machine")
    dice, unanswered = random.Random(SEED), []
    visitor = staff_visitor(stage.cast.handler.user)
    shares = [claimed(stage, CASES_EACH) for _ in range(CLIENTS)]
    port = free_port()
    with ExitStack() as stack:
        address = stack.enter_context(redis(stage.home)) if broker == "redis" else ""
        env = stage.env(broker=address)
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "jike.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--worker-class",
            "gthread",
        ]
        services = [
            Service([*gunicorn, "--workers", "2", "--preload", "--log-level", "critical"], env),
            Service(worker_command(processes=2), env),
        ]
        for service in services:
            stack.callback(service.end)
        wait_for(lambda: answers(port))
        stop_at = time.monotonic() + 2 * STORM_SECONDS
        clients = [
            threading.Thread(target=working_day, args=(port, share, visitor, unanswered, stop_at)) for share in shares
        ]
        for client in clients:
            client.start()
        end = time.monotonic() + STORM_SECONDS
        wipes = 0
        while time.monotonic() < end and any(client.is_alive() for client in clients):
            time.sleep(dice.uniform(0.2, 1.6))
            if dice.random() < 0.15:
                wipe(stage.home, address)
                wipes += 1
            else:
                dice.choice(services).kill(dice)
        for client in clients:
            client.join(STORM_SECONDS)
        assert not any(client.is_alive() for client in clients)
    leases_lapsed()
    Job.objects.filter(state="ready").update(published_at=None, due_at=now())
    with running(worker_command(), stage.env()):
        wait_for(drained, seconds=60)

    print(f"{broker}: {sum(s.kills for s in services)} kills, {wipes} wipes, {len(unanswered)} requests sent again")
    for case in (case for share in shares for case in share):
        assert all(happened_once(case.pk, f"complaints.{verb}") for verb in ("accept", "classify", "note", "message"))
    assert sum(service.kills for service in services) >= 10
    everything_told_once(stage.fake)
    verified()


def wipe(home: Path, address: str) -> None:
    """Lose whatever the broker holds."""
    if address:
        subprocess.run(
            ["redis-cli", "-s", address.removeprefix("redis+socket://"), "FLUSHALL"], check=True, capture_output=True
        )
    else:
        shutil.rmtree(home / "broker" / "messages", ignore_errors=True)
