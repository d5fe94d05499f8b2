"""One SIGKILL of web and worker at every point of a transition, a filing, a delivery and a letter: nothing lost, nothing twice."""

from __future__ import annotations

import shutil
import signal
from datetime import timedelta

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Case, Document, Event, Message
from jike.base.dates import now
from jike.outbox.models import Job
from tests.faults import acting
from tests.faults.checks import everything_told_once, happened_once, leases_lapsed, verified
from tests.faults.conftest import Stage
from tests.faults.stack import running, staff_visitor, sweep, wait_for, web, worker_command

WEB = ("verb.judged", "verb.changed", "verb.recorded", "verb.committed")
FILING = ("verb.changed", "verb.recorded", "verb.committed")  # a new case has nobody to be judged against
WORKER = ("job.claimed", "job.sent", "job.finishing", "job.committed")


def test_web_killed_anywhere_in_a_transition_and_in_a_filing(stage: Stage) -> None:
    visitor = staff_visitor(stage.cast.handler.user)
    cases = {point: acting.claimed(stage.cast) for point in WEB}
    accepts = {point: acting.accepting(case, visitor) for point, case in cases.items()}
    files = {point: acting.filing(nth) for nth, point in enumerate(FILING)}
    before = Complaint.objects.count()

    for point in WEB:
        with web(stage.env(failpoint=point)) as port:
            assert accepts[point].send(port) is None
            assert Event.objects.filter(case=cases[point], verb="complaints.accept").exists() is (
                point == "verb.committed"
            )
            if point in files:
                assert files[point].send(port) is None
    assert Complaint.objects.count() == before + 1

    with web(stage.env()) as port:
        for act in (*accepts.values(), *files.values()):
            assert [act.send(port), act.send(port)] == [302, 302]
    assert sweep(stage.env()) == 0

    assert Complaint.objects.count() == before + len(FILING)
    assert all(happened_once(case.pk, "complaints.accept") for case in cases.values())
    everything_told_once(stage.fake)
    verified()


def waiting_text(case: Case) -> Job:
    """The job that is to send the newest text message of this case."""
    text = Message.objects.filter(case=case, channel="sms").latest("created_at")
    return Job.objects.get(state="ready", body__message=str(text.pk))


def kill_worker_over(job: Job, stage: Stage, point: str) -> Job:
    """Kill a worker over this job, which has waited longest; nobody takes it over before `leases_lapsed`."""
    Job.objects.filter(pk=job.pk).update(due_at=now() - timedelta(hours=1))
    assert sweep(stage.env(failpoint=point)) == -signal.SIGKILL
    Job.objects.filter(pk=job.pk, state="running").update(lease_until=now() + timedelta(hours=1))
    return Job.objects.get(pk=job.pk)


def test_worker_killed_anywhere_in_a_delivery(stage: Stage) -> None:
    calls = {"job.claimed": 1, "job.sent": 2, "job.finishing": 2, "job.committed": 1}
    killed = {}
    for point in WORKER:
        case = acting.claimed(stage.cast)
        actions.accept_complaint(case, actor=stage.cast.handler.actor, now=now())
        killed[point] = kill_worker_over(waiting_text(case), stage, point)
    assert {point: job.state for point, job in killed.items()} == {
        "job.claimed": "running",
        "job.sent": "running",
        "job.finishing": "running",
        "job.committed": "done",
    }

    leases_lapsed()
    assert sweep(stage.env()) == 0

    assert {point: stage.fake.calls[job.body["message"]] for point, job in killed.items()} == calls
    everything_told_once(stage.fake)
    verified()


def test_worker_killed_anywhere_in_what_a_sent_notice_means(stage: Stage) -> None:
    """The notice is recorded in the transaction that finishes the job: killed at any point of the verb, neither has happened."""
    cases = []
    for point in WEB:
        case = acting.decided(stage.cast, letter=True)
        job = kill_worker_over(waiting_text(case), stage, point)
        assert (job.state, Complaint.objects.get(pk=case.pk).state) == ("running", "decided")
        cases.append(case)

    leases_lapsed()
    assert sweep(stage.env()) == 0

    assert [Complaint.objects.get(pk=case.pk).state for case in cases] == ["notified"] * len(WEB)
    assert all(happened_once(case.pk, "complaints.notify") for case in cases)
    everything_told_once(stage.fake)
    verified()


def test_worker_killed_over_a_letter(stage: Stage) -> None:
    case = acting.decided(stage.cast, letter=False)
    letters = Document.objects.filter(case=case, kind=Document.Kind.DECISION_LETTER)

    job = kill_worker_over(Job.objects.get(topic="complaints.render_letter", state="ready"), stage, "job.finishing")
    assert job.state == "running" and not letters.exists()
    leases_lapsed()
    assert sweep(stage.env()) == 0

    assert letters.count() == 1
    assert Complaint.objects.get(pk=case.pk).state == "notified"
    everything_told_once(stage.fake)
    verified()


def test_wiped_broker_costs_delay_only(stage: Stage) -> None:
    """The bells of committed work are lost before any worker ran, and once more under a worker that is killed."""
    visitor = staff_visitor(stage.cast.handler.user)
    acts = [acting.accepting(acting.claimed(stage.cast), visitor) for _ in range(3)]
    bells = stage.home / "broker" / "messages"
    env = stage.env()
    with web(env) as port:
        assert [act.send(port) for act in acts] == [302, 302, 302]
        wait_for(lambda: list(bells.glob("*.msg")))
    shutil.rmtree(bells.parent)
    assert Job.objects.filter(state="ready").count() == 9  # per case: a message for the portal, one by SMS, the letter

    stage.fake.fail(["slow"])
    stage.fake.slow_seconds = 20
    rung_long_ago()
    with running(worker_command(), env):
        wait_for(lambda: stage.fake.sent[-1:] and Job.objects.filter(state="running").exists())
    shutil.rmtree(bells.parent)
    leases_lapsed()
    rung_long_ago()
    with running(worker_command(), env):
        wait_for(lambda: not Job.objects.exclude(state="done").exists())

    everything_told_once(stage.fake)
    verified()


def rung_long_ago() -> None:
    """Time passes: the sweep rings again for what nobody took within fifteen seconds."""
    Job.objects.filter(state="ready").update(published_at=None)
