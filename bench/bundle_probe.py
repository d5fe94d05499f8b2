"""Evidence bundles of mixed papers as the worker makes them, beside a plain `qpdf` merge of the very same page files.

Warm: the pages of every paper are there, as they are minutes after it came into the register. Printed as one line of JSON: per number of
pages the medians. Run by `bench.run` with the product's environment on a working copy.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import connection  # noqa: E402 - after setup

from bench.bundle_papers import KINDS, another, papers  # noqa: E402
from bench.cpu import Meter, family_of  # noqa: E402
from cases.attachments import receiving  # noqa: E402
from cases.attachments.models import Attachment, Examination  # noqa: E402
from cases.bundles.models import Binding, Stage  # noqa: E402
from cases.complaints import actions  # noqa: E402
from cases.complaints.models import Complaint  # noqa: E402
from cases.copies import paging  # noqa: E402
from cases.copies.models import Pages  # noqa: E402
from cases.evidence.models import Item  # noqa: E402
from cases.starter import ensure_starter_data  # noqa: E402
from jike.accounts.models import Unit, User  # noqa: E402
from jike.accounts.roles import actor_of, consumer_actor  # noqa: E402
from jike.base.ids import uuid7  # noqa: E402
from jike.files import store  # noqa: E402
from jike.files.kinds import PDF  # noqa: E402
from jike.outbox.models import Job  # noqa: E402
from jike.outbox.working import run_job  # noqa: E402

ROUNDS = 3
LEFT_OUT = ("", "1", "2")
"""Each round leaves another item out: a bundle of the same inputs is not made twice."""
LOOK_SECONDS = 0.02


def now() -> datetime:
    return datetime.now(UTC)


def keeper() -> Any:
    ensure_starter_data(now())
    name = f"bench-{uuid7().hex[-8:]}"
    words = {"display_name": name, "staff_no": name, "unit": Unit.objects.get(code="HQ-CP"), "roles": ["handler"]}
    return actor_of(User.objects.create(username=name, **words))


def register(count: int, actor: Any) -> Complaint:
    """A complaint with `count` papers of one page, each described and with its pages."""
    at = now() - timedelta(days=1)
    told = {"name": "王小明", "phone": f"138{uuid7().int % 10**8:08}", "claim": "退款", "narrative": "商户停业。"}
    case = actions.file_complaint(actor=consumer_actor(None), now=at, **told)
    case = actions.claim_complaint(case, actor=actor, now=at)
    drawn: dict[str, bytes] = {}
    for number, (what, content) in enumerate(papers(count)):
        file = store.put(case.pk, content, media_type=KINDS[what], display_name=f"{what}-{number}", now=at)
        said = {"name": f"{what}-{number}", "about": "evidence", "captured": "file"}
        paper = receiving.register(case.pk, file, actor=consumer_actor(case.consumer_id), now=at, **said)
        Examination.objects.create(
            attachment=paper,
            subject=case.pk,
            verdict="accepted",
            kind=KINDS[what],
            facts={},
            reasons=[],
            examined_at=at,
        )
        _draw(Attachment.objects.select_related("file", "examination").get(pk=paper.pk), what, number, drawn)
    case = actions.register_evidence(case, actor=actor, now=at)
    words = {"evidence_class": "document", "source": "消费者提交", "proves": "双方约定分期付款十二期", "summary": "全文及签字页",
             "page_from": 1, "page_to": 1, "form": "copy"}  # fmt: skip
    for item in Item.objects.filter(case_id=case.pk).order_by("number"):
        actions.describe_evidence(case, actor=actor, now=at, item=item, title=f"材料 {item.label}", **words)
    return Complaint.objects.get(pk=case.pk)


def _draw(paper: Attachment, what: str, number: int, drawn: dict[str, bytes]) -> None:
    """The pages of the first paper of its sort; those of the others under a remark, for drawing is not what is measured."""
    if what not in drawn:
        made = paging.make(paper, now=now())
        assert made.file is not None and made.count == 1, (what, made.outcome, made.count)
        drawn[what] = store.read(made.file)
        return
    content = another(drawn[what], number)
    file = store.put(paper.subject, content, media_type=PDF, display_name="pages.pdf", now=now())
    Pages.objects.create(attachment=paper, recipe=paging.RECIPE, outcome="drawn", file=file, count=1, made_at=now())


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Wall and CPU seconds of `work` with its children and backends, its peak of memory (PSS, MB), and how busy others were."""
    meter, peak, done = Meter(os.getpid(), [str(connection.settings_dict["NAME"])]), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            peak[0] = max(peak[0], sum(map(_pss, family_of(os.getpid()))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, own = time.perf_counter(), sum(os.times()[:4])
    try:
        work()
    finally:
        took, used = time.perf_counter() - began, sum(os.times()[:4]) - own
        done.set()
        watcher.join()
    looked = meter.read()
    others = max(0.0, looked.others - max(0.0, used - looked.process) / took)
    return {"seconds": took, "cpu": used + looked.backends, "peak_mb": peak[0], "others": others}


def _pss(pid: int) -> float:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/smaps_rollup").read_text().split("\nPss:")[1].split()[0]) / 1024
    return 0.0


def made(case: Complaint, actor: Any, left_out: str) -> dict[str, Any]:
    """One bundle for a court, made in this process; the seconds of every stage beside."""
    items = [item for item in Item.objects.filter(case_id=case.pk) if item.label == left_out]
    actions.build_bundle(case, actor=actor, now=now(), profile="court", without=items)
    job = Job.objects.get(topic="bundles.build", state="ready")
    found: dict[str, Any] = timed(lambda: run_job(job.pk))
    binding = Binding.objects.latest("bound_at")
    stages = Stage.objects.filter(bundle=binding.bundle_id)
    found |= {
        f"{stage.name}_seconds": (stage.ended_at - stage.began_at).total_seconds() for stage in stages if stage.ended_at
    }
    return found | {"numbered": binding.pages, "mb": binding.document.size / 1e6, "signed": binding.is_signed}


def merged(case: Complaint, folder: Path, left_out: str) -> dict[str, float]:
    """`qpdf` over the same page files; they are laid out before it is timed."""
    items = [item for item in Item.objects.filter(case_id=case.pk).order_by("number") if item.label != left_out]
    files = [str(folder / f"{item.pk}.pdf") for item in items]
    order = ["qpdf", "--empty", "--pages", *files, "--", str(folder / "merged.pdf")]
    return timed(lambda: subprocess.run(order, check=True))


def measured(sizes: list[int], rounds: int) -> dict[str, Any]:
    """Bundle and merge in turns, `rounds` times each, after a small one that loads the libraries."""
    actor = keeper()
    made(register(10, actor), actor, "")
    found: dict[str, Any] = {}
    for size in sizes:
        case = register(size, actor)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for row in Pages.objects.filter(attachment__subject=case.pk).select_related("file"):
                assert row.file is not None
                (folder / f"{row.attachment_id}.pdf").write_bytes(store.read(row.file))
            both = [(made(case, actor, out), merged(case, folder, out)) for out in LEFT_OUT[:rounds]]
        found[str(size)] = {
            "ours": _middle([ours for ours, _ in both]),
            "qpdf": _middle([theirs for _, theirs in both]),
        }
    return found


def _middle(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    sizes = given or ([10, 50] if "--quick" in sys.argv else [10, 50, 200, 500])
    print(json.dumps({} if shutil.which("qpdf") is None else measured(sizes, 1 if "--quick" in sys.argv else ROUNDS)))
