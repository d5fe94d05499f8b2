"""One act on up to five thousand cases: the product's bulk act as its worker does it, beside the same verb case by case.

Printed as one line of JSON. Run by `bench.run` with the product's environment on a working copy.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import connection  # noqa: E402 - after setup

from bench.cpu import Meter  # noqa: E402
from cases.complaints.actions import assign_complaint  # noqa: E402
from cases.complaints.models import Complaint  # noqa: E402
from cases.lists import bulk  # noqa: E402
from cases.lists.models import BulkRow  # noqa: E402
from jike.accounts.models import User  # noqa: E402
from jike.accounts.roles import actor_of  # noqa: E402
from jike.outbox.models import Job  # noqa: E402
from jike.outbox.working import run_job  # noqa: E402

ALONE, SHARE = 200, 4  # cases done one by one: so many, or that part of what there is


def now() -> datetime:
    return datetime.now(UTC)


def person(role: str, **more: Any) -> User:
    found = User.objects.filter(username__startswith="scale-", roles__contains=[role], **more).order_by("username")
    return found[0]


def measured(most: int) -> dict[str, float]:
    """At most `most` open cases of one unit given to one handler at once, and some others of the unit one after the other.

    A unit has five thousand open ones from about 100,000 cases on; the row of the table says how many it were.
    """
    boss = person("supervisor")
    handler, actor = person("handler", unit=boss.unit), actor_of(boss)
    open_cases = Complaint.objects.filter(unit=boss.unit, state__in=("received", "investigating"))
    cases = list(open_cases.exclude(assignee=handler).order_by("number")[: most + ALONE])
    apart = min(ALONE, len(cases) // SHARE)
    alone, many = cases[:apart], cases[apart:]
    meter, began = Meter(os.getpid(), [str(connection.settings_dict["NAME"])]), time.perf_counter()
    for case in alone:
        assign_complaint(case, actor=actor, now=now(), to=handler)
    each, each_cpu = (time.perf_counter() - began) / len(alone), meter.read().cpu / len(alone)
    act = bulk.draft(actor, "assign", [case.pk for case in many], now=now())
    bulk.begin(act, inputs={"to": handler.staff_no}, reason="基准测试", now=now())
    job = Job.objects.get(topic=bulk.TOPIC, state="ready")
    meter, began = Meter(os.getpid(), [str(connection.settings_dict["NAME"])]), time.perf_counter()
    run_job(job.pk)
    took, used = time.perf_counter() - began, meter.read()
    done = act.rows.filter(outcome=BulkRow.Outcome.DONE).count()
    return {
        "rows": len(many), "done": done, "seconds": took, "row_ms": took * 1000 / len(many), "row_cpu_ms": used.cpu * 1000 / len(many),
        "alone_ms": each * 1000, "alone_cpu_ms": each_cpu * 1000, "others": used.others,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measured(300 if "--quick" in sys.argv else bulk.MOST)))
