"""Work of the outbox: the pages of a paper when it comes into the register, their pictures, and the copies with parts covered."""

from __future__ import annotations

from collections.abc import Callable

from cases.attachments.models import Attachment
from cases.copies import covering as coverings
from cases.copies import paging, previews
from cases.copies.acts import COPY_TOPIC
from cases.copies.models import Covering, Pages
from cases.copies.previews import PREVIEW_TOPIC
from cases.evidence.acts import PAGES_TOPIC
from jike.base.dates import now as current_instant
from jike.files import pdf, store
from jike.files.covers import NotCovered
from jike.outbox import jobs
from jike.privacy import Unreadable


@jobs.handler(PAGES_TOPIC, queue="documents", max_attempts=6, lease_seconds=180)
def make_pages(job: jobs.ClaimedJob) -> Callable[[], object] | None:
    """Make the pages of one paper, so that reading and binding it later costs nothing; then they are drawn for the workbench. What cannot
    be shown is on record as such."""
    paper = Attachment.objects.filter(pk=job.body["attachment"]).select_related("file", "examination").first()
    if paper is None:
        return None
    try:
        pages = paging.make(paper, now=current_instant())
    except pdf.RendererMissing:
        raise jobs.Postpone(300, "pango.missing") from None
    except store.FileDamaged:
        raise jobs.GiveUp("file.damaged") from None
    except Unreadable:
        return None  # its key was destroyed meanwhile
    return (lambda: ask_preview(pages)) if pages.file_id else None


def ask_preview(pages: Pages) -> None:
    body = {"pages": str(pages.pk)}
    jobs.post(PREVIEW_TOPIC, key=f"{PREVIEW_TOPIC}:{pages.pk}", body=body, now=current_instant())


@jobs.handler(PREVIEW_TOPIC, queue="documents", max_attempts=6, lease_seconds=600)
def make_preview(job: jobs.ClaimedJob) -> None:
    """Draw the pages of one paper for whoever looks at them and decides what is covered."""
    pages = Pages.objects.filter(pk=job.body["pages"]).select_related("file", "attachment").first()
    if pages is None:
        return
    try:
        previews.draw(pages, now=current_instant())
    except store.FileDamaged:
        raise jobs.GiveUp("file.damaged") from None
    except Unreadable:
        return  # its key was destroyed meanwhile


@jobs.handler(COPY_TOPIC, queue="documents", max_attempts=3, lease_seconds=1_200)
def make_copy(job: jobs.ClaimedJob) -> None:
    """Make the copy of one covering. One that still gives something away is not kept and is not tried again: a person is told."""
    found = Covering.objects.filter(pk=job.body["covering"]).select_related("pages__file").first()
    if found is None or not found.areas:
        return
    try:
        coverings.make_copy(found, now=current_instant())
    except NotCovered as error:
        raise jobs.GiveUp(str(error)) from None
    except store.FileDamaged:
        raise jobs.GiveUp("file.damaged") from None
    except Unreadable:
        return  # its key was destroyed meanwhile
