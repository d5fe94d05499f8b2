import json
from io import StringIO

import pytest
from django.core.management import call_command

from jike.base.dates import now as current_instant
from jike.outbox import doorbell, jobs, registry
from jike.outbox.models import Job
from jike.outbox.sweeping import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work(topic, monkeypatch):
    monkeypatch.setattr(registry, "_timers", {})
    monkeypatch.setattr(doorbell, "ring", lambda found: True)
    topic(lambda job: None)
    jobs.post("tests.work", key="k", body={}, now=current_instant())


def swept(*options):
    output = StringIO()
    call_command("sweep", "--json", *options, stdout=output)
    return json.loads(output.getvalue().splitlines()[-1])


def test_without_a_worker_the_due_jobs_are_done_here():
    assert swept() == {"swept": True, "timers": 0, "timers_failed": 0, "rung": 0, "recovered": 0, "ran": {"done": 1}}
    assert Job.objects.get().state == "done"


def test_beside_a_living_worker_the_jobs_are_left_to_it():
    sweep(now=current_instant(), by="worker")

    assert swept()["ran"] == {}
    assert Job.objects.get().state == "ready"


def test_a_person_may_decide_who_works():
    assert swept("--no-run")["ran"] == {}
    assert swept("--run")["ran"] == {"done": 1}


def test_without_json_a_line_for_people():
    output = StringIO()
    call_command("sweep", "--run", stdout=output)

    assert output.getvalue() == "swept: True, timers: 0, timers_failed: 0, rung: 0, recovered: 0, ran: {'done': 1}\n"
