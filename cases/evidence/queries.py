"""Doors to the register: of a case by whoever sees it whole; a consumer's own papers by the consumer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment, Examination
from cases.evidence.models import Custody, Description, Item, ListLock
from cases.models import Case
from cases.queries import NotVisible, sight_of
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.files import kinds
from jike.privacy import open_sealed

GAPS: dict[str, Text] = {
    "class": _("class"),
    "title": _("title"),
    "source": _("source"),
    "proves": _("object of proof"),
    "summary": _("summary"),
    "pages": _("pages"),
    "form": _("original or copy"),
    "sm3": _("SM3 hash"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a list shows it: its words that hold, the hashes and circumstances of its paper, and what is missing in it.

    `has_pages` once its first page is drawn small. `gaps` are keys of `GAPS`. A superseded item has none; `superseded_by` is the number of what took its place, if anything did.
    """

    paper: Attachment
    item: Item
    words: Description
    title: str
    source: str
    proves: str
    summary: str
    sha256: str
    sm3: str
    has_picture: bool
    has_pages: bool
    gaps: list[str]
    superseded: bool
    superseded_by: str
    reason: str

    @property
    def label(self) -> str:
        return self.item.label

    @property
    def name(self) -> str:
        """What the paper was called when it was handed in; the title is the handler's word."""
        return open_sealed(self.paper, "name")

    @property
    def gap_words(self) -> list[Text]:
        return [GAPS[gap] for gap in self.gaps]


def papers_to_register(case: Case) -> list[Attachment]:
    """Usable papers of the case that are not in its register, oldest first. The caller knows that the actor may register them."""
    usable = Attachment.objects.filter(subject=case.pk, item=None)
    found = usable.filter(examination__verdict=Examination.Verdict.ACCEPTED) | usable.filter(ruling__is_released=True)
    return list(found.select_related("file", "examination").order_by("created_at", "id"))


def papers_left_out(case: Case) -> int:
    """How many papers of the case nobody is offered for the register: refused, set aside or still being checked."""
    every = Attachment.objects.filter(subject=case.pk, item=None).count()
    return every - len(papers_to_register(case))


def register_of(case: Case, actor: Actor) -> list[Row]:
    """The register of a case in its order, for whoever sees the case whole; a consumer is shown the consumer's own papers."""
    if sight_of(case, actor) != "full" or not case.has("evidence"):
        return []
    items = Item.objects.filter(case_id=case.pk).order_by("number", "late")
    if actor.kind == "consumer":
        items = items.filter(attachment__added_by_kind="consumer")
    related = ("attachment__file", "attachment__examination", "attachment__view", "superseded__by")
    return rows_of(items.select_related(*related).prefetch_related("attachment__pages__preview"))


def rows_of(items: Iterable[Item]) -> list[Row]:
    found = list(items)
    said = Description.objects.filter(item__in=found).order_by("version")
    words = {one.item_id: one for one in said}
    return [_row(item, words[item.pk]) for item in found]


def _row(item: Item, words: Description) -> Row:
    paper, ended = item.attachment, getattr(item, "superseded", None)
    view = getattr(paper, "view", None)
    title, source, what, summary = (open_sealed(words, name) for name in ("title", "source", "proves", "summary"))
    told = {"title": title, "source": source, "proves": what, "summary": summary}
    told |= {"class": words.evidence_class, "form": words.form, "sm3": paper.file.sm3}
    told["pages"] = words.page_from or paper.examination.kind in kinds.RECORDINGS
    return Row(
        paper=paper,
        item=item,
        words=words,
        title=title,
        source=source,
        proves=what,
        summary=summary,
        sha256=bytes(paper.file.sha256).hex(),
        sm3=bytes(paper.file.sm3).hex() if paper.file.sm3 else "",
        has_picture=view is not None and view.thumbnail_id is not None,
        has_pages=any(getattr(getattr(pages, "preview", None), "file_id", None) for pages in paper.pages.all()),
        gaps=[] if ended else [gap for gap in GAPS if not told[gap]],
        superseded=ended is not None,
        superseded_by=ended.by.label if ended and ended.by else "",
        reason=open_sealed(ended, "reason") if ended else "",
    )


def lock_of(case: Case) -> ListLock | None:
    return ListLock.objects.filter(pk=case.pk).first() if case.has("evidence_locks") else None


@dataclass(frozen=True, slots=True)
class Handling:
    """One row of custody in words. `who` is the name of the staff or the word for everybody else."""

    seq: int
    act: str
    label: Text
    who: str
    at: datetime
    reason: str
    row: Custody


def custody_for(case: Case, actor: Actor, paper: UUID) -> tuple[Attachment, list[Handling]]:
    """A paper of a case that the staff see whole, and who had its original. Raises `NotVisible`."""
    found = Attachment.objects.filter(subject=case.pk, pk=paper).select_related("file").first()
    if found is None or not actor.is_staff or sight_of(case, actor) != "full":
        raise NotVisible(str(paper))
    rows = Custody.objects.filter(attachment=found).order_by("seq")
    return found, [
        Handling(row.seq, row.act, row.get_act_display(), row.actor_label, row.at, open_sealed(row, "reason"), row)
        for row in rows
    ]


def descriptions_of(item: Item) -> list[tuple[Description, str, dict[str, str]]]:
    """Everything that was said of an item, newest first, with who said it."""
    rows = list(item.descriptions.order_by("-version"))
    names = dict(User.objects.filter(pk__in={row.written_by for row in rows}).values_list("pk", "display_name"))
    fields = ("title", "source", "proves", "summary")
    return [(row, names.get(row.written_by, ""), {name: open_sealed(row, name) for name in fields}) for row in rows]
