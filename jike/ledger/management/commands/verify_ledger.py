"""Check the ledger; exit 1 when it is damaged."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from jike import ledger
from jike.base.dates import now
from jike.ledger.breaches import Breach
from jike.ledger.everything import verify_everything
from jike.ledger.models import Entry
from jike.ledger.sealing import tree_size
from jike.ledger.sources import tell_clean


class Command(BaseCommand):
    help = (
        "Recompute every chain, the tree over all entries and its signed heads, inside the database and outside; compare every "
        "sealed row, column and file. Exit 1 and name the rows when something was changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
        parser.add_argument(
            "--subject", type=UUID, action="append", help="only the chain of this subject; may be repeated"
        )
        parser.add_argument("--quick", action="store_true", help="without reading sealed columns and files")

    def handle(self, *args: Any, **options: Any) -> None:
        subjects, breaches = options["subject"], []
        for breach in self._found(subjects, is_quick=options["quick"]):
            breaches.append(breach)
            if not options["json"]:
                self.stdout.write(_line(breach))
        if options["json"]:
            found = [breach.as_dict() for breach in breaches]
            counts = {"entries": Entry.objects.count(), "sealed": tree_size()}
            self.stdout.write(json.dumps({"ok": not found, **counts, "breaches": found}))
        else:
            self.stdout.write(f"{Entry.objects.count()} entries, {tree_size()} sealed, {len(breaches)} damaged.")
        if breaches:
            sys.exit(1)
        if not subjects and not options["quick"]:
            tell_clean(now=now())

    def _found(self, subjects: list[UUID] | None, *, is_quick: bool) -> Iterator[Breach]:
        return ledger.verify(subjects) if subjects else verify_everything(now=now(), contents=not is_quick)


def _line(breach: Breach) -> str:
    subject = f"subject {breach.subject} seq {breach.seq}" if breach.subject else ""
    entry = f"entry {breach.entry}" if breach.entry else ""
    source = f"{breach.source} {breach.source_id or ''}".strip()
    return f"{breach.kind}: {' '.join(filter(None, (subject, entry, source, breach.row, breach.detail)))}"
