"""Doors to what is shown of papers: pages and copies for whoever binds them, and the workbench's own pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.copies.acts import copy_key
from cases.copies.models import Audience, CoveredCopy, Covering, Pages
from cases.copies.paging import made, made_of
from cases.evidence.models import Custody, Item
from cases.models import Case
from cases.queries import NotVisible, sight_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.files.models import StoredFile
from jike.outbox import jobs

LOOK_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Copy:
    """A PDF of a paper that one audience may have: its file, how many pages, and whether anything of it is covered."""

    file: StoredFile
    count: int
    is_redacted: bool

    @property
    def sha256(self) -> str:
        return bytes(self.file.sha256).hex()


@dataclass(frozen=True, slots=True)
class Undecided:
    """An item of which an audience has no copy yet. `code` is areas.undecided, pages.waiting, copy.waiting or copy.failed."""

    item: Item
    code: str
    reason: Text


REASONS: dict[str, Text] = {
    "areas.undecided": _("Nobody has said yet what is covered for this audience."),
    "pages.waiting": _("The pages of this paper are still being made."),
    "copy.waiting": _("The copy is being made."),
    "copy.failed": _("The copy could not be made without giving something away. Ask the administrator."),
}


def copy_for(paper: Attachment, audience: str) -> Copy | None:
    """What an audience gets of a paper: staff the pages; others the copy with the newest areas covered, or the pages where a person
    found nothing to cover. An authority gets the pages too where nobody said anything.

    None while nobody has decided, while the copy is being made, and for what has no pages at all. The caller knows that the paper is
    usable and the actor may have it.
    """
    return _copy(made(paper), coverings_of([paper.pk]).get((paper.pk, audience)), audience)


def copies_for(papers: Iterable[UUID], audience: str) -> dict[UUID, Copy]:
    """The copies that an audience has of these papers, as `copy_for` gives them one by one; a paper without one is left out."""
    wanted = list(papers)
    known, pages = coverings_of(wanted), made_of(wanted)
    found = {paper: _copy(pages.get(paper), known.get((paper, audience)), audience) for paper in wanted}
    return {paper: copy for paper, copy in found.items() if copy}


def undecided(case: Case, audience: str) -> list[Undecided]:
    """The items of the register that the audience has no copy of yet, in their order, each with the reason. What has no pages by nature,
    or cannot be shown at all, is not among them: there is nothing to decide."""
    items = list(Item.objects.filter(case_id=case.pk).select_related("attachment").order_by("number", "late"))
    known, pages = coverings_of(item.pk for item in items), made_of(item.pk for item in items)
    found = [(item, why_not(pages.get(item.pk), known.get((item.pk, audience)), audience)) for item in items]
    return [Undecided(item, code, REASONS[code]) for item, code in found if code]


def why_not(pages: Pages | None, covering: Covering | None, audience: str) -> str:
    """The code of `REASONS` why an audience has no copy; empty where it has one, or where there can be none."""
    if pages is None:
        return "pages.waiting"
    if pages.file_id is None or _copy(pages, covering, audience) is not None:
        return ""
    if covering is None:
        return "areas.undecided"
    is_dead = jobs.Job.objects.filter(dedupe_key=copy_key(covering), state=jobs.Job.State.DEAD).exists()
    return "copy.failed" if is_dead else "copy.waiting"


def _copy(pages: Pages | None, covering: Covering | None, audience: str) -> Copy | None:
    if audience == Audience.STAFF or (audience == Audience.AUTHORITY and covering is None):
        return Copy(pages.file, pages.count, is_redacted=False) if pages and pages.file else None
    if covering is None:
        return None
    if not covering.areas:
        file = covering.pages.file
        return Copy(file, covering.pages.count, is_redacted=False) if file else None
    finished: CoveredCopy | None = getattr(covering, "copy", None)
    return Copy(finished.file, finished.count, is_redacted=True) if finished else None


def coverings_of(papers: Iterable[UUID]) -> dict[tuple[UUID, str], Covering]:
    """What holds now of each paper for each audience, by paper and audience; papers that a door gave out."""
    said = Covering.objects.filter(item__in=list(papers)).order_by("version")
    return {(one.item_id, one.audience): one for one in said.select_related("pages__file", "copy__file")}


def item_for(case: Case, actor: Actor, paper: UUID) -> Item:
    """An item of the register of a case that the staff see whole. Raises `NotVisible`."""
    found = Item.objects.filter(case_id=case.pk, pk=paper).select_related("attachment__file", "attachment__examination")
    item = found.first()
    if item is None or not actor.is_staff or sight_of(case, actor) != "full":
        raise NotVisible(str(paper))
    return item


def has_looked(paper: UUID, actor: Actor, *, now: datetime, within: timedelta = LOOK_LASTS) -> bool:
    """Whether the custody of a paper says that this person looked at its pages a short time ago."""
    rows = Custody.objects.filter(attachment_id=paper, act=Custody.Act.VIEWED, actor_id=actor.id, at__gt=now - within)
    return rows.exists()
