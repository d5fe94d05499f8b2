"""Doors to papers: of a case by whoever sees the whole case, of a draft by the browser that writes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cases.attachments.models import Attachment, Examination
from cases.attachments.standing import Standing, codes_waited_for, standing_of
from cases.models import Case
from cases.queries import NotVisible, in_full_sight, sight_of, without_recused
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.files.kinds import PICTURES
from jike.privacy import open_sealed


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as a list shows it. `picture` is ready, waiting or none; `label` is empty for an ordinary paper; `standing` is what the
    examination and perhaps a person said of it.

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
    standing: Standing
    kind: str
    pages: int | None
    added_by: UUID | None
    is_merchants: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether something will be known or seen of it in a moment."""
        return self.standing.is_waiting or self.picture == "waiting"


def papers_of(case: Case, actor: Actor) -> list[Paper]:
    """The papers of a case for somebody with full sight: staff all of them, a consumer the consumer's own."""
    if sight_of(case, actor) != "full":
        return []
    rows = papers_under(case.pk)
    if actor.kind != "consumer":
        return rows
    again = handed_in_again(case) if any(paper.is_merchants for paper in rows) else set()
    nameless = (
        replace(paper, name=paper.sha256[:12]) for paper in rows if str(paper.id) in again and not paper.is_mine
    )
    return sorted([*(paper for paper in rows if paper.is_mine), *nameless], key=lambda paper: (paper.at, paper.id))


def handed_in_again(case: Case) -> set[str]:
    """Papers that a merchant had handed in before the consumer brought the very same file: the consumer's too, but not under the merchant's name."""
    acts = case.events.filter(verb__endswith=".attach", actor_kind="consumer")
    return set(acts.values_list("data__attachment", flat=True))


def papers_under(subject: UUID) -> list[Paper]:
    """The papers of a draft, or of a case that a door gave out; oldest first."""
    related = ("file", "view", "reading", "examination", "ruling")
    found = Attachment.objects.filter(subject=subject).select_related(*related).defer("reading__text", "ruling__reason")
    rows = list(found.order_by("created_at", "id"))
    waits_for = codes_waited_for(rows)
    return [_paper(row, waits_for.get(row.pk, "")) for row in rows]


def standings_under(subject: UUID) -> dict[UUID, Standing]:
    """What the examination and perhaps a person said of each paper of a case that a door gave out."""
    found = Attachment.objects.filter(subject=subject).select_related(
        "file", "view", "examination", "ruling", "reading"
    )
    rows = list(found.defer("reading__text", "ruling__reason"))
    waits_for = codes_waited_for(rows)
    return {row.pk: standing_of(row, waits_for=waits_for.get(row.pk, "")) for row in rows}


def papers_held_for(actor: Actor, *, most: int = 200) -> list[tuple[Case, Attachment]]:
    """Papers that wait for a person, oldest first, of the cases that the actor sees whole; never those of the actor's own."""
    if not actor.can("complaints.rule_on_paper"):
        return []
    held = Attachment.objects.filter(examination__verdict=Examination.Verdict.HELD, ruling=None)
    held = held.exclude(added_by_id=actor.id)
    cases = {
        case.pk: case
        for case in without_recused(Case.objects.filter(in_full_sight(actor)), actor).filter(
            pk__in=held.values("subject")
        )
    }
    rows = held.filter(subject__in=cases).select_related("file", "examination").order_by("created_at", "id")[:most]
    return [(cases[row.subject], row) for row in rows]


def paper_for(case: Case, actor: Actor, pk: UUID) -> Attachment:
    """One paper of a case the actor sees in full. Raises `NotVisible`."""
    if pk not in {paper.id for paper in papers_of(case, actor)}:
        raise NotVisible(str(pk))
    return paper_under(case.pk, pk)


def paper_under(subject: UUID, pk: UUID) -> Attachment:
    """One paper of a draft. Raises `NotVisible`."""
    related = ("file", "view__file", "view__thumbnail", "examination", "ruling")
    found = Attachment.objects.filter(subject=subject, pk=pk).select_related(*related)
    if (paper := found.first()) is None:
        raise NotVisible(str(pk))
    return paper


def _paper(row: Attachment, waits_for: str) -> Paper:
    standing = standing_of(row, waits_for=waits_for)
    return Paper(
        id=row.pk,
        name=open_sealed(row, "name"),
        label="" if row.about == Attachment.About.EVIDENCE else row.get_about_display(),
        captured=row.get_captured_display(),
        size=row.file.size,
        at=row.created_at,
        sha256=bytes(row.file.sha256).hex(),
        picture=_picture(row, standing),
        is_mine=row.added_by_kind == "consumer",
        reading=row.reading.get_outcome_display() if hasattr(row, "reading") else "",
        standing=standing,
        added_by=row.added_by_id,
        is_merchants=row.added_by_kind == "merchant",
        kind=row.examination.kind if hasattr(row, "examination") else "",
        pages=row.examination.facts.get("pages") if hasattr(row, "examination") else None,
    )


def _picture(row: Attachment, standing: Standing) -> str:
    if not standing.is_usable or row.examination.kind not in PICTURES:
        return "none"
    if not hasattr(row, "view"):
        return "waiting"
    return "ready" if row.view.file_id else "none"
