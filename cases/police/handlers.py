"""Work around police reports: making the document of a pack, and reminding people of a day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.police import actions, manifest, reminders
from cases.police.actions.packs import BUILD_TOPIC
from cases.police.models import Pack, PackFile, PoliceReport
from jike.accounts.roles import machine_actor
from jike.base.dates import CST
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import pdf, store
from jike.files.kinds import PDF
from jike.outbox import jobs
from jike.privacy import Unreadable
from jike.web.institution import institution as house
from jike.web.qr import qr_data_uri

WORKER = "outbox-worker"
TEMPLATE = "police/pack.html"
TITLE = "报案材料"


@jobs.handler(BUILD_TOPIC, queue="documents", max_attempts=8, lease_seconds=120)
def build_pack(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Make the document of a pack from its manifest; killed anywhere, it goes on and ends with one."""
    pack = Pack.objects.filter(pk=job.body["pack"]).select_related("case").first()
    if pack is None or PackFile.objects.filter(pk=pack.pk).exists():
        return None
    try:
        content, pages = drawn(pack)
        name = f"{TITLE}-{pack.case.number}-{pack.seq}.pdf"
        file = store.put(pack.case_id, content, media_type=PDF, display_name=name, now=current_instant())
    except pdf.RendererMissing:
        raise jobs.Postpone(300, "pango.missing") from None
    except Unreadable:
        return None  # its key was destroyed meanwhile
    made = {"pack": pack, "file": file, "pages": pages}
    return lambda: _issue(pack, made)


def _issue(pack: Pack, made: dict[str, Any]) -> None:
    with suppress(Refused):  # another worker whose lease had run out was quicker
        actions.issue_pack(pack.case, actor=machine_actor(WORKER), now=current_instant(), **made)


def drawn(pack: Pack) -> tuple[bytes, int]:
    """The document and how many pages it has. The same manifest gives the same bytes."""
    verify_url = f"{settings.PUBLIC_BASE_URL}/verify/"
    context = {
        "title": TITLE,
        "said": manifest.read(pack),
        "pack": pack,
        "manifest_sha256": bytes(pack.manifest_sha256).hex(),
        "verify_url": verify_url,
        "qr": qr_data_uri(f"{verify_url}?code={pack.code}"),
        "house": house(),
    }
    with override("zh-hans"), timezone.override(CST):
        return pdf.render_counted(render_to_string(TEMPLATE, context), title=TITLE)


@jobs.handler(reminders.TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def remind(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Remind of a day whose clock still runs. What was done meanwhile, or has passed altogether, reminds nobody."""
    case = PoliceReport.objects.get(pk=job.body["case"])
    clock = clocks.running(case, family=job.body["family"])
    day = date.fromisoformat(job.body["day"])
    if clock is None or reminders.is_late(case, clock, day, now=current_instant()):
        return None
    return lambda: _remind(case, clock, day)


def _remind(case: PoliceReport, clock: Clock, day: date) -> None:
    with suppress(Refused):  # done while the job was on its way
        actions.record_reminder(case, actor=machine_actor(WORKER), now=current_instant(), clock=clock, day=day)
