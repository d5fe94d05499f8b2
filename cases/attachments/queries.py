"""Doors to papers: of a case by whoever sees the whole case, of a draft by the browser that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.attachments.models import Attachment
from cases.models import Case
from cases.queries import NotVisible, sight_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.files.kinds import PICTURES
from jike.privacy import open_sealed


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as a list shows it. `picture` is ready, waiting or none; `label` is empty for an ordinary paper.

    `reading` says whether the words of a PDF are searched; it is empty for everything else, and until the PDF was read.
    """

    id: UUID
    name: str
    label: Text
    captured: Text
    size: int
    at: datetime
    sha256: str
    picture: str
    is_mine: bool
    reading: Text


def papers_of(case: Case, actor: Actor) -> list[Paper]:
    """The papers of a case for somebody with full sight: staff all of them, a consumer the consumer's own."""
    if sight_of(case, actor) != "full":
        return []
    rows = papers_under(case.pk)
    return [paper for paper in rows if paper.is_mine] if actor.kind == "consumer" else rows


def papers_under(subject: UUID) -> list[Paper]:
    """The papers of a draft, or of a case that a door gave out; oldest first."""
    rows = Attachment.objects.filter(subject=subject).select_related("file", "view", "reading").defer("reading__text")
    rows = rows.order_by("created_at", "id")
    return [_paper(row) for row in rows]


def paper_for(case: Case, actor: Actor, pk: UUID) -> Attachment:
    """One paper of a case the actor sees in full. Raises `NotVisible`."""
    if pk not in {paper.id for paper in papers_of(case, actor)}:
        raise NotVisible(str(pk))
    return paper_under(case.pk, pk)


def paper_under(subject: UUID, pk: UUID) -> Attachment:
    """One paper of a draft. Raises `NotVisible`."""
    found = Attachment.objects.filter(subject=subject, pk=pk).select_related("file", "view__file", "view__thumbnail")
    if (paper := found.first()) is None:
        raise NotVisible(str(pk))
    return paper


def _paper(row: Attachment) -> Paper:
    return Paper(
        id=row.pk,
        name=open_sealed(row, "name"),
        label="" if row.about == Attachment.About.EVIDENCE else row.get_about_display(),
        captured=row.get_captured_display(),
        size=row.file.size,
        at=row.created_at,
        sha256=bytes(row.file.sha256).hex(),
        picture=_picture(row),
        is_mine=row.added_by_kind == "consumer",
        reading=row.reading.get_outcome_display() if hasattr(row, "reading") else "",
    )


def _picture(row: Attachment) -> str:
    if row.file.media_type not in PICTURES:
        return "none"
    if not hasattr(row, "view"):
        return "waiting"
    return "ready" if row.view.file_id else "none"
