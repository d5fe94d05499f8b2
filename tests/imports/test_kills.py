"""A worker killed in the middle of an import: the next one goes on at the row, nothing is lost and nothing twice."""

from __future__ import annotations

import signal

from cases.complaints.models import Complaint
from cases.imports import actions
from cases.imports.models import ImportLine, ImportRun
from cases.imports.queries import unsealed
from cases.models import Source
from jike.base.dates import now
from jike.outbox import jobs
from tests.faults.checks import leases_lapsed, verified
from tests.faults.conftest import Stage, stage  # noqa: F401 - a fixture
from tests.faults.stack import sweep

ROWS = 620


def test_worker_killed_before_and_after_a_batch_is_noted(stage: Stage) -> None:  # noqa: F811
    lines = "".join(f"K{n},2026-03-01,张三,1380013{n:04d},退款,没有服务\n" for n in range(ROWS))
    content = ("编号,投诉日期,姓名,手机号,诉求,投诉内容\n" + lines).encode("gbk")
    actor = stage.cast.supervisor.actor
    run = actions.receive_file(content, "x.csv", actor=actor, now=now())
    jobs.run_due()
    run = ImportRun.objects.get(pk=run.pk)
    columns = unsealed(run, "columns")
    actions.match_columns(run, columns=columns, source="x", is_live=False, actor=actor, now=now())
    actions.check(run, columns=columns, actor=actor, now=now())
    jobs.run_due()
    actions.start(run, actor=actor, now=now())

    reached = []
    for point in ("import.settled:2", "import.noted:1", "job.finishing"):
        assert sweep(stage.env(failpoint=point)) == -signal.SIGKILL
        reached.append((ImportRun.objects.get(pk=run.pk).position, Complaint.objects.count()))
        leases_lapsed()
    assert sweep(stage.env()) == 0

    run.refresh_from_db()
    assert reached == [(250, 250), (250, 250), (ROWS, ROWS)]
    assert (run.state, run.counts, run.position) == ("done", {"created": ROWS}, ROWS)
    assert Complaint.objects.count() == Source.objects.values("external_id").distinct().count() == ROWS
    assert ImportLine.objects.filter(run=run, phase="run").count() == ROWS
    verified()
