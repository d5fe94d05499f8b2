"""The pictures people look at: drawn anew, never the original."""

from __future__ import annotations

from cases.attachments.models import Attachment
from cases.queries import NotVisible
from jike.base.actors import Actor
from jike.files import store
from jike.web.downloads import SensitiveDownload


def picture_of(paper: Attachment, *, actor: Actor, size: str) -> SensitiveDownload:
    """`size` is thumbnail or file. Raises `NotVisible` while nothing has been drawn."""
    file = getattr(paper.view, size) if hasattr(paper, "view") else None
    if file is None:
        raise NotVisible(str(paper.pk))
    return SensitiveDownload(
        store.read(file),
        media_type=file.media_type,
        name="picture.jpg",
        subject=paper.subject,
        purpose=f"{actor.kind}.{size}",
    )
