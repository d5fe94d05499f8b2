"""`manage.py read_papers`: jobs for papers that were never examined, and for usable PDF papers that were never read."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from cases.attachments.models import Attachment
from cases.attachments.receiving import post_examination, post_work
from jike.base.dates import now as current_instant
from jike.files.kinds import PDF


class Command(BaseCommand):
    help = "Queue every paper without an examination, and every usable PDF without a reading. Can be run again at any time."

    def handle(self, **options: Any) -> None:
        usable = Q(examination__verdict="accepted") | Q(ruling__is_released=True)
        unread = Q(reading=None, examination__kind=PDF) & usable
        wanted = Attachment.objects.filter(Q(examination=None) | unread).select_related("examination").order_by("pk")
        count = 0
        for paper in wanted.iterator(chunk_size=500):
            with transaction.atomic():
                if hasattr(paper, "examination"):
                    post_work(paper, paper.examination.kind, now=current_instant())
                else:
                    post_examination(paper, now=current_instant())
            count += 1
        self.stdout.write(f"{count} papers queued.")
