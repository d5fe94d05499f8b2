"""A worker killed over a bundle after each of its stages: the next one goes on, and there is one bundle."""

from __future__ import annotations

from cases.bundles.models import Binding, Bundle
from cases.bundles.models import Stage as Step
from cases.complaints import actions
from cases.evidence.verification import verify_evidence
from jike.base.dates import now
from jike.outbox.models import Job
from tests.attachments import good
from tests.bundles.conftest import MAIL, desk_of
from tests.faults.checks import everything_told_once, happened_once, leases_lapsed, verified
from tests.faults.conftest import Stage
from tests.faults.stack import sweep
from tests.faults.test_kills import kill_worker_over

PAPERS = (("合同.pdf", good.paper(1)), ("往来邮件.eml", MAIL.encode()))


def test_worker_killed_after_every_stage_of_one_bundle(stage: Stage) -> None:
    desk = desk_of(stage.cast, PAPERS)
    actions.build_bundle(desk.case, actor=stage.cast.handler.actor, now=now(), profile="court")
    job = Job.objects.get(topic="bundles.build")

    for ended, name in enumerate(Step.Name.values, start=1):
        assert kill_worker_over(job, stage, f"bundle.{name}").state == "running"
        assert Step.objects.exclude(ended_at=None).count() == ended and not Binding.objects.exists()
        leases_lapsed()
    assert sweep(stage.env()) == 0

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", len(Step.Name.values) + 1)
    assert Binding.objects.get().bundle == Bundle.objects.get()
    assert happened_once(desk.case.pk, "complaints.issue_bundle")
    assert list(verify_evidence(now=now())) == []
    everything_told_once(stage.fake)
    verified()
