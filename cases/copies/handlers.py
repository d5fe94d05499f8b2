"""Work of the outbox: making the pages of a paper when it comes into the register."""

from __future__ import annotations

from cases.attachments.models import Attachment
from cases.copies import paging
from cases.evidence.acts import PAGES_TOPIC
from jike.base.dates import now as current_instant
from jike.files import pdf, store
from jike.outbox import jobs
from jike.privacy import Unreadable


@jobs.handler(PAGES_TOPIC, queue="documents", max_attempts=6, lease_seconds=180)
def make_pages(job: jobs.ClaimedJob) -> None:
    """Make the pages of one paper, so that reading and binding it later costs nothing. What cannot be shown is on record as such."""
    paper = Attachment.objects.filter(pk=job.body["attachment"]).select_related("file", "examination").first()
    if paper is None:
        return
    try:
        paging.make(paper, now=current_instant())
    except pdf.RendererMissing:
        raise jobs.Postpone(300, "pango.missing") from None
    except store.FileDamaged:
        raise jobs.GiveUp("file.damaged") from None
    except Unreadable:
        return  # its key was destroyed meanwhile
