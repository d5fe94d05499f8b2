"""`manage.py search_rebuild`: every case's tokens anew, after a new BLIND_INDEX_KEY or for rows older than the search."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from cases.models import Case
from cases.search.indexing import BATCH, index_cases
from cases.search.models import Piece


class Command(BaseCommand):
    help = "Index the words of every case anew. Can be cut off and run again; searching goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only cases that have no tokens yet")

    def handle(self, **options: Any) -> None:
        done, last = 0, UUID(int=0)
        while batch := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            last = batch[-1]
            if options["missing"]:
                known = set(Piece.objects.filter(case_id__in=batch).values_list("case_id", flat=True))
                batch = [pk for pk in batch if pk not in known]
            with transaction.atomic():
                index_cases(batch, anew=True)
            done += len(batch)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_text")
        self.stdout.write(f"{done} cases indexed.")
