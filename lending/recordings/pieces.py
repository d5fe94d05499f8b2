"""The parts of a recording on their way in: begun, continued after any interruption, joined when they end.

Every piece is sealed before it is acknowledged, under a key of its part that is destroyed when the part was joined. Source: house recording.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.files import kinds, store
from jike.files.receiving import PIECE_BYTES
from jike.outbox import jobs
from jike.privacy import destroy_key
from lending.recordings import rules
from lending.recordings.actions.capturing import JOIN_TOPIC
from lending.recordings.models import Recording
from lending.recordings.records import RecordingPart, RecordingPiece

VERB = "recordings.finish"
PLAYED = frozenset({kinds.EBML}) | kinds.BOXED
MOST_PARTS = 30
SETTLED = timedelta(minutes=1)  # a piece that was on its way when the part ended has arrived by then
BATCH = 50
State, Origin = RecordingPart.State, RecordingPart.Origin


@transaction.atomic
def begin_part(
    recording: Recording, *, actor: Actor, now: datetime, size: int | None = None, sha256: bytes | None = None
) -> RecordingPart:
    """Open the next part. Whatever part was open before ends with what has arrived of it. `size` and `sha256` are those of a finished file."""
    row = Recording.locked(recording.pk)
    refuse_if([*rules.blockers_to_take_part(row, actor), *_blockers_by_size(row, size)], verb=VERB)
    for left in row.parts.filter(state=State.OPEN):
        _end(left, now=now)
    part = RecordingPart(
        id=uuid7(),
        recording=row,
        number=row.parts.count() + 1,
        origin=Origin.CAMERA if size is None else Origin.FILE,
        size=size,
        sha256=sha256,
        began_at=now,
        touched_at=now,
    )
    part.save(force_insert=True)
    return part


def append(
    part: RecordingPart, *, offset: int, piece: bytes, sha256: bytes | None, actor: Actor, now: datetime
) -> RecordingPart:
    """Seal the piece that begins at `offset`. The same piece again changes nothing. Raises Refused. Stands outside any transaction."""
    refuse_if(rules.blockers_to_take_part(part.recording, actor), verb=VERB)
    refuse_if(_blockers_to_append(part, offset, piece, sha256), verb=VERB)
    if offset + len(piece) <= part.received:
        return part  # sent again because the answer was lost
    kind = _kind_of(piece) if offset == 0 else part.kind
    file = store.put(part.pk, piece, media_type="application/octet-stream", display_name="part", now=now)
    with transaction.atomic():
        _lock(part)
        held = RecordingPart.objects.select_for_update().get(pk=part.pk)
        refuse_if(_blockers_to_append(held, offset, piece, None), verb=VERB)
        if offset == held.received:
            RecordingPiece(part=held, offset=offset, size=len(piece), file=file).save(force_insert=True)
            held.received, held.touched_at, held.kind = offset + len(piece), now, kind
            held.save(update_fields=["received", "touched_at", "kind"])
            Recording.objects.filter(pk=held.recording_id).update(touched_at=now)
    held.recording = part.recording
    return held


@transaction.atomic
def end_part(part: RecordingPart, *, actor: Actor, now: datetime) -> RecordingPart:
    """Everything of this part is here: a worker joins it. Again it changes nothing. Raises Refused while something is missing."""
    _lock(part)
    held = RecordingPart.objects.select_for_update(of=("self",)).select_related("recording").get(pk=part.pk)
    refuse_if(rules.blockers_to_take_part(held.recording, actor), verb=VERB)
    if held.state == State.OPEN and held.size is not None and held.received != held.size:
        refuse_if([Blocker("upload.incomplete", _("Something is missing yet."))], verb=VERB)
    if held.state == State.OPEN:
        _end(held, now=now)
    return held


def _lock(part: RecordingPart) -> None:
    """The recording before its parts, always: a mark that comes with a piece locks both in this order."""
    Recording.objects.select_for_update().only("pk").get(pk=part.recording_id)


def _end(part: RecordingPart, *, now: datetime) -> None:
    """A part of which nothing came has failed; any other is joined."""
    part.state = State.JOINING if part.received else State.FAILED
    part.reason, part.touched_at = "" if part.received else "part.empty", now
    part.save(update_fields=["state", "reason", "touched_at"])
    if part.received:
        jobs.post(JOIN_TOPIC, key=f"{JOIN_TOPIC}:{part.pk}", body={"part": part.pk}, now=now)


def _kind_of(piece: bytes) -> str:
    kind = kinds.kind_of(piece[: 4 * kinds.HEAD_BYTES])
    if kind not in PLAYED:
        message = _("It is not in a format that browsers play (WebM or MP4).")
        refuse_if([Blocker("recording.kind", message, field="file")], verb=VERB)
    return kind


def _blockers_by_size(recording: Recording, size: int | None) -> list[Blocker]:
    if size is not None and size < 1:
        return [Blocker("recording.empty", _("The file is empty. Please choose it again."), field="size")]
    if size is not None and size > settings.RECORDING_BYTES:
        return [_too_large()]
    if recording.parts.count() >= MOST_PARTS:
        return [Blocker("recording.parts", _("It was interrupted too often. Please begin a new recording."))]
    return []


def _blockers_to_append(part: RecordingPart, offset: int, piece: bytes, sha256: bytes | None) -> list[Blocker]:
    if part.state != State.OPEN:
        return [Blocker("upload.closed", _("This upload has ended."))]
    is_again = offset >= 0 and offset + len(piece) <= part.received
    if offset != part.received and not is_again:
        return [Blocker("upload.elsewhere", _("This piece belongs to another place. Ask where to go on."))]
    if not piece or len(piece) > PIECE_BYTES or (part.size is not None and offset + len(piece) > part.size):
        return [Blocker("upload.piece_size", _("This piece has the wrong size."))]
    if offset + len(piece) > settings.RECORDING_BYTES:
        return [_too_large()]
    if sha256 is not None and hashlib.sha256(piece).digest() != sha256:
        return [Blocker("upload.checksum", _("This piece arrived damaged. Please send it again."))]
    return []


def _too_large() -> Blocker:
    limit = settings.RECORDING_BYTES // 1024**2
    message = format_lazy(_("Larger than {limit} MB. Please send it in parts."), limit=limit)
    return Blocker("recording.too_large", message, field="size")


def sweep(now: datetime) -> int:
    """Destroy the key of the pieces of parts that have ended, and remove their bytes. Returns how many were removed."""
    over = RecordingPart.objects.filter(is_swept=False, state__in=[State.DONE, State.FAILED])
    ended = list(over.filter(touched_at__lt=now - SETTLED)[:BATCH])
    for part in ended:
        drop_pieces(part, now=now)
    return len(ended)


def drop_pieces(part: RecordingPart, *, now: datetime) -> None:
    destroy_key(part.pk, now=now)
    RecordingPiece.objects.filter(part=part).delete()
    store.forget(part.pk)
    RecordingPart.objects.filter(pk=part.pk).update(is_swept=True)  # last: what is cut off before is done again
