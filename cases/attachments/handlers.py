"""Work of the outbox: drawing what is shown of a picture and reading the words of a PDF, away from the web process."""

from __future__ import annotations

from collections.abc import Callable

from cases.attachments.models import Attachment, PaperText, SafeView
from cases.attachments.receiving import TEXT_TOPIC, VIEW_TOPIC
from jike.base.dates import now as current_instant
from jike.files import store
from jike.files.kinds import JPEG
from jike.files.models import StoredFile
from jike.files.pictures import safe_view
from jike.files.texts import words_of_pdf
from jike.outbox import jobs
from jike.privacy import Unreadable

VIEW_SIDE, THUMBNAIL_SIDE = 1_600, 320


@jobs.handler(VIEW_TOPIC, queue="documents", max_attempts=6, lease_seconds=120)
def draw_view(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Draw one picture anew, large and small. What cannot be drawn is on record as such; its original stays as it came."""
    paper = Attachment.objects.filter(pk=job.body["attachment"]).select_related("file").first()
    if paper is None or SafeView.objects.filter(pk=paper.pk).exists():
        return None
    try:
        large = safe_view(store.read(paper.file), side=VIEW_SIDE)
    except Unreadable:
        return None  # a draft that was destroyed meanwhile
    view = _kept(paper, large, "view.jpg")
    small = _kept(paper, safe_view(large, side=THUMBNAIL_SIDE) if large else b"", "thumbnail.jpg")
    return lambda: SafeView.objects.bulk_create(
        [SafeView(attachment=paper, file=view, thumbnail=small, made_at=current_instant())], ignore_conflicts=True
    )


@jobs.handler(TEXT_TOPIC, queue="documents", max_attempts=6, lease_seconds=120)
def read_text(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Read the words of one PDF. They are kept with the outcome in the transaction that ends the job, which notes the case for the
    search; a PDF that cannot be read is on record as such and is not tried again."""
    paper = Attachment.objects.filter(pk=job.body["attachment"]).select_related("file").first()
    if paper is None or PaperText.objects.filter(pk=paper.pk).exists():
        return None
    try:
        reading = words_of_pdf(store.read(paper.file))
    except Unreadable:
        return None  # its key was destroyed meanwhile
    row = PaperText(
        attachment=paper,
        subject=paper.subject,
        outcome=reading.outcome,
        pages=reading.pages,
        text=reading.text,
        read_at=current_instant(),
    )
    return lambda: PaperText.objects.bulk_create([row], ignore_conflicts=True)


def _kept(paper: Attachment, content: bytes, name: str) -> StoredFile | None:
    if not content:
        return None
    return store.put(paper.subject, content, media_type=JPEG, display_name=name, now=current_instant())
