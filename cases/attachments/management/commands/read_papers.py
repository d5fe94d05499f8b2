"""`manage.py read_papers`: jobs for PDF papers that were never read, such as those older than the search over papers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from cases.attachments.models import Attachment
from cases.attachments.receiving import post_work
from jike.base.dates import now as current_instant
from jike.files.kinds import PDF


class Command(BaseCommand):
    help = "Queue every PDF paper without a reading. Can be run again at any time."

    def handle(self, **options: Any) -> None:
        unread = Attachment.objects.filter(reading=None, file__media_type=PDF).select_related("file").order_by("pk")
        count = 0
        for paper in unread.iterator(chunk_size=500):
            with transaction.atomic():
                post_work(paper, paper.file, now=current_instant())
            count += 1
        self.stdout.write(f"{count} papers queued.")
