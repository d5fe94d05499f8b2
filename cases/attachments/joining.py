"""Joining the pieces of a large file into a paper, away from the web process, with one piece in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cases.attachments.adding import attach_verb
from cases.attachments.models import Attachment, Upload
from cases.attachments.receiving import register
from cases.attachments.uploading import JOIN_TOPIC, State
from cases.kinds import kind_named
from cases.models import Case
from jike.accounts.models import User
from jike.accounts.roles import actor_of, consumer_actor
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.privacy import Unreadable, open_sealed


@jobs.handler(JOIN_TOPIC, queue="documents", max_attempts=6, lease_seconds=600)
def join(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Seal the whole under the key of its case or draft, compare it with what was promised, and add it as whoever sent it would.

    Running it again finds the same file and the same paper. What may not be added any more ends the upload with its reason.
    """
    upload = Upload.objects.filter(pk=job.body["upload"], state=State.JOINING).first()
    if upload is None:
        return None
    try:
        file = store.put_stream(
            upload.subject,
            _pieces(upload),
            media_type=upload.kind,
            display_name=open_sealed(upload, "name"),
            now=current_instant(),
        )
    except Unreadable:
        return lambda: _end(upload, State.FAILED, reason="upload.gone")
    if upload.sha256 and bytes(file.sha256) != bytes(upload.sha256):
        return lambda: _end(upload, State.FAILED, reason="upload.checksum")
    try:
        paper = _added(upload, file)
    except Refused as no:
        code = no.blockers[0].code
        return lambda: _end(upload, State.FAILED, reason=code)
    return lambda: _end(upload, State.DONE, paper=paper)


def _pieces(upload: Upload) -> Iterator[bytes]:
    for part in upload.parts.select_related("file").order_by("offset").iterator(chunk_size=50):
        yield store.read(part.file)


def _added(upload: Upload, file: StoredFile) -> Attachment:
    words: dict[str, Any] = {
        "name": open_sealed(upload, "name"),
        "about": upload.about,
        "captured": upload.captured,
        "device": open_sealed(upload, "device"),
    }
    now = current_instant()
    head = Case.objects.filter(pk=upload.subject).only("kind", "consumer_id").first()
    if head is None:
        return register(upload.subject, file, **words, actor=consumer_actor(None), now=now)
    case = kind_named(head.kind).model.objects.get(pk=head.pk)
    key = f"paper:{bytes(file.sha256).hex()[:40]}"
    attach_verb(case).action(case, actor=_sender(upload, case), now=now, key=key, file=file, **words)
    return Attachment.objects.get(subject=case.pk, file=file)


def _sender(upload: Upload, case: Case) -> Actor:
    """Whoever began it, with the powers of today; a draft that was filed meanwhile belongs to its consumer."""
    if upload.added_by_kind == "staff":
        return actor_of(User.objects.get(pk=upload.added_by_id))
    return consumer_actor(upload.added_by_id or case.consumer_id)


def _end(upload: Upload, state: str, *, reason: str = "", paper: Attachment | None = None) -> None:
    Upload.objects.filter(pk=upload.pk, state=State.JOINING).update(
        state=state, reason=reason, attachment=paper, touched_at=current_instant()
    )
