"""Taking a paper: judged, sealed, hashed, and queued for drawing what may be shown of it or reading its words."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from cases.attachments.models import Attachment
from cases.attachments.rules import blockers_to_receive
from jike.base.actors import Actor
from jike.base.errors import refuse_if
from jike.files import clean_display_name, store
from jike.files.kinds import PDF, PICTURES, kind_of
from jike.files.models import StoredFile
from jike.files.receiving import Received
from jike.outbox import jobs

_HASHES = """
SELECT f.sha256 FROM attachments_attachment a JOIN files_storedfile f ON f.id = a.file_id WHERE a.subject = %s ORDER BY f.sha256
"""
VIEW_TOPIC, TEXT_TOPIC = "attachments.draw_view", "attachments.read_text"


def seal_upload(subject: UUID, upload: Received, *, now: datetime) -> StoredFile:
    """Judge an upload and store it under the key of its case or draft. The same content again is the first file.

    Stands outside any transaction. Raises `Refused`, and then nothing is stored.
    """
    known = Attachment.objects.filter(subject=subject, file__sha256=upload.sha256).select_related("file").first()
    if known is not None:
        return known.file
    refuse_if(blockers_to_receive(upload, subject), verb="attachments.receive")
    return store.put(
        subject,
        upload.content,
        media_type=kind_of(upload.content),
        display_name=clean_display_name(upload.given_name),
        now=now,
    )


def register(
    subject: UUID, file: StoredFile, *, name: str, about: str, captured: str, actor: Actor, now: datetime
) -> Attachment:
    """The row of a stored paper, and the job that draws or reads it; a paper that is there already stays as it is."""
    known = Attachment.objects.filter(subject=subject, file=file)
    if (found := known.first()) is not None:
        return found
    paper = Attachment(
        subject=subject,
        file=file,
        name=clean_display_name(name),
        about=about if about in Attachment.About.values else Attachment.About.EVIDENCE,
        captured=captured if captured in Attachment.Capture.values else Attachment.Capture.FILE,
        added_by_kind=actor.kind,
        added_by_id=actor.id,
        created_at=now,
    )
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
            post_work(paper, file, now=now)
    except IntegrityError:
        return known.get()  # the same photo arrived twice at the same time
    return paper


def post_work(paper: Attachment, file: StoredFile, *, now: datetime) -> None:
    """The job a paper makes, away from the web process: a picture is drawn anew, a PDF is read, a recording is left alone."""
    topic = VIEW_TOPIC if file.media_type in PICTURES else TEXT_TOPIC if file.media_type == PDF else ""
    if topic:
        jobs.post(topic, key=f"{topic}:{paper.pk}", body={"attachment": str(paper.pk)}, now=now)


def papers_under_seal(subject: UUID) -> dict[str, str | int]:
    """What the ledger seals of the papers handed in so far: how many, and one hash over all of theirs. Nothing for none."""
    with connection.cursor() as cursor:
        cursor.execute(_HASHES, [subject])
        hashes = [bytes(row[0]) for row in cursor.fetchall()]
    return {"papers": len(hashes), "papers_sha256": sha256(b"".join(hashes)).hexdigest()} if hashes else {}


def forget(subject: UUID) -> None:
    """Drop the papers of a draft whose key was destroyed. The database refuses it for the papers of a case."""
    with transaction.atomic():
        Attachment.objects.filter(subject=subject).delete()
    store.forget(subject)
