"""Looking at the pages of a paper is part of its custody: once per person, paper and hour."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cases.attachments.models import Attachment
from cases.copies.handlers import ask_preview
from cases.copies.paging import made
from cases.copies.queries import has_looked
from cases.evidence import custody
from cases.evidence.acts import ask_pages
from cases.evidence.models import Item
from jike.base.actors import Actor


@transaction.atomic
def open_pages(item: Item, *, actor: Actor, now: datetime) -> None:
    """Record that a person looks at the pages of an item, before any is shown; ask for pages that were not made yet."""
    paper = Attachment.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not has_looked(item.pk, actor, now=now):
        custody.record(paper, custody.Act.VIEWED, actor=actor, reason="", now=now)
    pages = made(paper)
    if pages is None:
        ask_pages(paper, now=now)
    elif pages.file_id:
        ask_preview(pages)
