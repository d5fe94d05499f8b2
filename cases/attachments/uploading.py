"""Large files in pieces: begun, continued after any interruption, joined when whole, and given up when nobody goes on.

Every piece is sealed before it is acknowledged; nothing of it is unsealed on a disk at any moment.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.attachments import verdicts
from cases.attachments.models import Attachment, Upload, UploadPart
from cases.attachments.receiving import MOST_DEVICE, MOST_NAME, as_it_came
from cases.attachments.rules import blockers_by_count
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.files import store
from jike.files.kinds import HEAD_BYTES, RECORDINGS, TAKEN, kind_of
from jike.files.receiving import PIECE_BYTES
from jike.outbox import jobs
from jike.privacy import destroy_key

JOIN_TOPIC = "attachments.join"
SMALLEST_PIECE = 64 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
MOST_AT_ONCE = 6
KEPT = timedelta(days=1)
SETTLED = timedelta(minutes=1)  # a piece that was on its way when the upload ended has arrived by then
BATCH = 50
State = Upload.State


def begin(
    subject: UUID,
    *,
    name: str,
    size: int,
    actor: Actor,
    now: datetime,
    about: str = "",
    captured: str = "",
    device: str = "",
    sha256: bytes | None = None,
) -> Upload:
    """Open an upload of `size` bytes for a case or draft; the caller has judged that `actor` may add papers there. Raises `Refused`."""
    refuse_if(blockers_to_begin(subject, size), verb="attachments.upload")
    upload = Upload(
        id=uuid7(),
        subject=subject,
        name=as_it_came(name, MOST_NAME),
        device=as_it_came(device, MOST_DEVICE),
        about=about if about in Attachment.About.values else Attachment.About.EVIDENCE,
        captured=captured if captured in Attachment.Capture.values else Attachment.Capture.FILE,
        size=size,
        sha256=sha256,
        added_by_kind=actor.kind,
        added_by_id=actor.id,
        created_at=now,
        touched_at=now,
    )
    upload.save(force_insert=True)
    return upload


def blockers_to_begin(subject: UUID, size: int) -> list[Blocker]:
    if size < 1:
        return [_why("paper.empty", _("The file is empty. Please choose it again."))]
    if size > settings.RECORDING_BYTES:
        limit = settings.RECORDING_BYTES // 1024**2
        return [
            _why("paper.too_large", format_lazy(_("Larger than {limit} MB. Please send it in parts."), limit=limit))
        ]
    if Upload.objects.filter(subject=subject, state__in=[State.OPEN, State.JOINING]).count() >= MOST_AT_ONCE:
        return [
            _why("upload.too_many", _("Several large files are on their way already. Please wait until they are here."))
        ]
    return blockers_by_count(subject)


def append(upload: Upload, *, offset: int, piece: bytes, sha256: bytes | None, now: datetime) -> Upload:
    """Seal the piece that begins at `offset`. The same piece again changes nothing. Raises `Refused`.

    A piece at another place, of another size or with another hash than was said is refused; a file of a kind that is not taken ends
    the upload.
    """
    refuse_if(_blockers_to_append(upload, offset, piece, sha256), verb="attachments.upload")
    if offset + len(piece) <= upload.received:
        return upload  # sent again because the answer was lost
    if offset == 0:
        _judge_kind(upload, piece, now=now)
    file = store.put(upload.pk, piece, media_type="application/octet-stream", display_name="part", now=now)
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        refuse_if(_blockers_to_append(held, offset, piece, None), verb="attachments.upload")
        if offset == held.received:
            UploadPart(upload=held, offset=offset, size=len(piece), file=file).save(force_insert=True)
            held.received, held.touched_at, held.kind = offset + len(piece), now, upload.kind or held.kind
            held.save(update_fields=["received", "touched_at", "kind"])
    return held


def _blockers_to_append(upload: Upload, offset: int, piece: bytes, sha256: bytes | None) -> list[Blocker]:
    if upload.state != State.OPEN:
        return [_why("upload.closed", _("This upload has ended."))]
    is_again = offset >= 0 and offset + len(piece) <= upload.received
    if offset != upload.received and not is_again:
        return [_why("upload.elsewhere", _("This piece belongs to another place. Ask where to go on."))]
    if not piece or len(piece) > PIECE_BYTES or offset + len(piece) > upload.size:
        return [_why("upload.piece_size", _("This piece has the wrong size."))]
    if len(piece) < SMALLEST_PIECE and offset + len(piece) != upload.size:
        return [_why("upload.piece_size", _("This piece has the wrong size."))]
    if sha256 is not None and hashlib.sha256(piece).digest() != sha256:
        return [_why("upload.checksum", _("This piece arrived damaged. Please send it again."))]
    return []


def _judge_kind(upload: Upload, piece: bytes, *, now: datetime) -> None:
    """By the first piece, so that nobody sends half a gigabyte for nothing."""
    kind = kind_of(piece[: 4 * HEAD_BYTES])
    found = []
    if kind in verdicts.AT_THE_DOOR:
        found = [_why(*verdicts.AT_THE_DOOR[kind])]
    elif kind not in TAKEN:
        found = [_why("paper.kind_unknown", verdicts.KIND_UNKNOWN)]
    elif kind not in RECORDINGS and upload.size > DOCUMENT_BYTES:
        limit = DOCUMENT_BYTES // 1024**2
        words = format_lazy(_("Only recordings may be larger than {limit} MB. Please send it in parts."), limit=limit)
        found = [_why("paper.too_large", words)]
    if found:
        drop(upload, now=now, reason=found[0].code)
    refuse_if(found, verb="attachments.upload")
    upload.kind = kind


def complete(upload: Upload, *, now: datetime) -> Upload:
    """Everything is here: a worker joins the pieces. Again it changes nothing. Raises `Refused` while something is missing."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.state in {State.JOINING, State.DONE}:
            return held
        if held.state != State.OPEN or held.received != held.size:
            code = "upload.closed" if held.state != State.OPEN else "upload.incomplete"
            words = _("This upload has ended.") if held.state != State.OPEN else _("Something is missing yet.")
            refuse_if([_why(code, words)], verb="attachments.upload")
        held.state, held.touched_at = State.JOINING, now
        held.save(update_fields=["state", "touched_at"])
        jobs.post(JOIN_TOPIC, key=f"{JOIN_TOPIC}:{held.pk}", body={"upload": str(held.pk)}, now=now)
    return held


def drop(upload: Upload, *, now: datetime, reason: str = "upload.dropped") -> None:
    """Give an upload up. Nothing of it can be read from now on; its bytes go with the next sweep."""
    open_ones = Upload.objects.filter(pk=upload.pk, state=State.OPEN)
    if open_ones.update(state=State.DROPPED, reason=reason, touched_at=now):
        destroy_key(upload.pk, now=now)


@jobs.timer("attachments.sweep_uploads")
def sweep(now: datetime) -> int:
    """Give up what nobody touched for a day, and remove the pieces of everything that has ended. Returns how many were removed."""
    for stale in Upload.objects.filter(state=State.OPEN, is_swept=False, touched_at__lt=now - KEPT)[:BATCH]:
        drop(stale, now=now, reason="upload.abandoned")
    over = Upload.objects.filter(is_swept=False, state__in=[State.DONE, State.FAILED, State.DROPPED])
    ended = list(over.filter(touched_at__lt=now - SETTLED)[:BATCH])
    for upload in ended:
        destroy_key(upload.pk, now=now)
        UploadPart.objects.filter(upload=upload).delete()
        store.forget(upload.pk)
        Upload.objects.filter(pk=upload.pk).update(is_swept=True)  # last: what is cut off before is done again
    return len(ended)


def _why(code: str, message: object) -> Blocker:
    return Blocker(code, message, field="papers")  # type: ignore[arg-type]
