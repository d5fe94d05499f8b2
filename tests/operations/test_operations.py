"""The operations page: it tells what stands still, puts back what was given up, and shows nothing of any case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from cases.operations import gauges
from jike.base.dates import now as current_instant
from jike.outbox.models import Job
from jike.outbox.pulses import last_pulse, note_pulse
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.people import Cast, staff


@pytest.fixture
def operator(client: Client, cast: Cast) -> Client:
    return sign_in(client, staff("sys", "system_admin").user)


def give_up(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(
        state="dead", last_error="sms.refused", finished_at=current_instant(), attempts=12
    )
    return Job.objects.get(pk=job.pk)


def test_a_dead_letter_is_put_back_and_who_did_it_stays(operator: Client, cast: Cast) -> None:
    factory.file()
    job = give_up(Job.objects.filter(topic="cases.send_message").first())

    assert "sms.refused" in operator.get("/staff/operations/").content.decode()
    assert operator.post(f"/staff/operations/jobs/{job.pk}/retry/").status_code == 302

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("ready", 0)
    assert job.retried_by is not None


def test_the_page_shows_no_case_and_no_person(operator: Client, cast: Cast) -> None:
    case = factory.file()
    give_up(Job.objects.filter(topic="cases.send_message").first())

    page = operator.get("/staff/operations/").content.decode()

    assert case.number not in page and str(case.pk) not in page
    assert "13800138000" not in page and "王小明" not in page


def test_only_those_with_the_power_open_it(client: Client, cast: Cast) -> None:
    factory.file()
    job = give_up(Job.objects.filter(topic="cases.send_message").first())

    for person in (cast.handler, cast.supervisor, cast.auditor):
        sign_in(client, person.user)
        assert client.get("/staff/operations/").status_code == 404
        assert client.post(f"/staff/operations/jobs/{job.pk}/retry/").status_code == 404
    job.refresh_from_db()
    assert job.state == "dead"


def test_a_job_that_waits_too_long_is_an_alarm(cast: Cast) -> None:
    factory.file(now=current_instant())
    soon, late = current_instant() + timedelta(minutes=1), current_instant() + timedelta(minutes=30)

    assert not any(line.is_late for line in gauges.queues(now=soon))
    assert [line.name for line in gauges.queues(now=late) if line.is_late] == ["notify"]


def test_a_backup_and_a_clean_check_are_noted_and_grow_old(cast: Cast) -> None:
    now = current_instant()
    call_command("backup_made")
    call_command("verify_ledger")

    assert last_pulse("backup") and last_pulse("ledger.verified")
    assert _alarms(now) == _alarms(now + timedelta(hours=25)) - {"Last backup", "Ledger last verified clean"}
    assert {"Last backup", "Ledger last verified clean"} <= _alarms(now + timedelta(hours=27))


def _alarms(now) -> set[str]:
    from django.utils.translation import override

    with override("en"):
        return {str(gauge.label) for gauge in gauges.gauges(now=now) if gauge.is_alarm}


def test_a_silent_worker_is_an_alarm(cast: Cast) -> None:
    now = current_instant()
    note_pulse("worker", now=now)

    assert "Workers last swept" not in _alarms(now + timedelta(seconds=30))
    assert "Workers last swept" in _alarms(now + timedelta(minutes=2))
