"""Making the pages of a paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import override, pgettext_lazy

from cases.attachments.models import Attachment
from cases.copies.models import Pages
from jike.base.errors import Text
from jike.files import pdf, store
from jike.files.kinds import PDF
from jike.files.pages import PAGED, Paged, pages_of

RECIPE = 1
"""Counts up when the pages of the same paper would come out differently."""
_HEADS: dict[str, Text] = {
    "from": pgettext_lazy("mail", "From"),
    "to": pgettext_lazy("mail", "To"),
    "cc": pgettext_lazy("mail", "Copy to"),
    "date": pgettext_lazy("mail", "Date"),
    "subject": pgettext_lazy("mail", "Subject"),
}


def made(paper: Attachment) -> Pages | None:
    """The pages of a paper, if they were made by the present recipe."""
    return Pages.objects.filter(attachment=paper, recipe=RECIPE).select_related("file").first()


def made_of(papers: Iterable[UUID]) -> dict[UUID, Pages]:
    """The same of many papers, as far as they were made."""
    found = Pages.objects.filter(attachment__in=list(papers), recipe=RECIPE).select_related("file")
    return {pages.attachment_id: pages for pages in found}


def make(paper: Attachment, *, now: datetime) -> Pages:
    """The pages of a paper, made now unless they are there. Stands outside any transaction; made twice, they are the same.

    Raises `FileDamaged` when the original is not what was sealed, `RendererMissing` where words cannot be laid out on this machine.
    """
    found = made(paper)
    return found if found is not None else _kept(paper, *_drawn(paper), now=now)


def _drawn(paper: Attachment) -> tuple[Pages.Outcome, bytes, int]:
    kind = paper.examination.kind
    if kind not in PAGED:
        return Pages.Outcome.NONE, b"", 0
    told = pages_of(store.read(paper.file), kind)
    if told.outcome == "words":
        return Pages.Outcome.DRAWN, *_laid_out(told)
    outcome = {"pages": Pages.Outcome.DRAWN, "none": Pages.Outcome.NONE}.get(told.outcome, Pages.Outcome.FAILED)
    return outcome, told.pages, told.count


def _laid_out(told: Paged) -> tuple[bytes, int]:
    """A mail or a text as pages in Chinese reading order, with what its head says and a word where the original goes on."""
    with override("zh-hans"):
        fields = [(_HEADS[name], value) for name, value in told.fields if name in _HEADS]
        context = {"fields": fields, "body": told.body, "is_cut": told.is_cut}
        return pdf.render_counted(render_to_string("copies/words.html", context), title="")


def _kept(paper: Attachment, outcome: Pages.Outcome, content: bytes, count: int, *, now: datetime) -> Pages:
    file = store.put(paper.subject, content, media_type=PDF, display_name="pages.pdf", now=now) if content else None
    row = Pages(attachment=paper, recipe=RECIPE, outcome=outcome, file=file, count=count, made_at=now)
    Pages.objects.bulk_create([row], ignore_conflicts=True)
    found = made(paper)
    assert found is not None
    return found
