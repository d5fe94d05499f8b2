"""Taking a paper: judged at the door, sealed, hashed, and queued for examination."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from cases.attachments.models import Attachment, Upload
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
EXAMINE_TOPIC = "attachments.examine"
VIEW_TOPIC, TEXT_TOPIC = "attachments.draw_view", "attachments.read_text"
MOST_NAME, MOST_DEVICE = 1_000, 300


def seal_upload(subject: UUID, upload: Received, *, now: datetime, of_merchant: bool = False) -> StoredFile:
    """Judge an upload and store it under the key of its case or draft. The same content again is the first file.

    What a merchant hands in takes no room from the consumer, and the other way round.

    Stands outside any transaction. Raises `Refused`, and then nothing is stored.
    """
    known = Attachment.objects.filter(subject=subject, file__sha256=upload.sha256).select_related("file").first()
    if known is not None:
        return known.file
    refuse_if(blockers_to_receive(upload, subject, of_merchant=of_merchant), verb="attachments.receive")
    return store.put(
        subject,
        upload.content,
        media_type=kind_of(upload.content),
        display_name=clean_display_name(upload.given_name),
        now=now,
    )


def register(
    subject: UUID,
    file: StoredFile,
    *,
    name: str,
    about: str,
    captured: str,
    actor: Actor,
    now: datetime,
    device: str = "",
) -> Attachment:
    """The row of a stored paper, and the job that examines it; a paper that is there already stays as it is.

    `name` is what the sender's device called the file, `device` what it said of itself.
    """
    known = Attachment.objects.filter(subject=subject, file=file)
    if (found := known.first()) is not None:
        return found
    paper = Attachment(
        subject=subject,
        file=file,
        name=clean_display_name(name),
        given_name=as_it_came(name, MOST_NAME),
        device=as_it_came(device, MOST_DEVICE),
        about=about if about in Attachment.About.values else Attachment.About.EVIDENCE,
        captured=captured if captured in Attachment.Capture.values else Attachment.Capture.FILE,
        added_by_kind=actor.kind,
        added_by_id=actor.id,
        created_at=now,
    )
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
            post_examination(paper, now=now)
    except IntegrityError:
        return known.get()  # the same photo arrived twice at the same time
    return paper


def as_it_came(text: str, most: int) -> str:
    """As it came, but for half characters, which no column takes."""
    return text[:most].encode("utf-8", "backslashreplace").decode()


def post_examination(paper: Attachment, *, now: datetime) -> None:
    """The job that every paper makes first."""
    jobs.post(EXAMINE_TOPIC, key=f"{EXAMINE_TOPIC}:{paper.pk}", body={"attachment": str(paper.pk)}, now=now)


def post_work(paper: Attachment, kind: str, *, now: datetime) -> None:
    """The job a usable paper makes, away from the web process: a picture is drawn anew, a PDF is read, a recording is left alone."""
    topic = VIEW_TOPIC if kind in PICTURES else TEXT_TOPIC if kind == PDF else ""
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
        Upload.objects.filter(subject=subject, state=Upload.State.OPEN).update(state=Upload.State.DROPPED)
    store.forget(subject)
