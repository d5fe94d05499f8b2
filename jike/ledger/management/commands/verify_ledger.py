"""Check the ledger; exit 1 when it is damaged."""

from __future__ import annotations

import json
import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from jike import ledger
from jike.base.dates import now
from jike.ledger.models import Entry
from jike.ledger.sources import tell_clean


class Command(BaseCommand):
    help = "Recompute every chain and compare every sealed row. Exit 1 and name the rows when something was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
        parser.add_argument("--subject", type=UUID, action="append", help="only this subject; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        breaches = list(ledger.verify(options["subject"]))
        if options["json"]:
            found = [breach.as_dict() for breach in breaches]
            self.stdout.write(json.dumps({"ok": not found, "entries": Entry.objects.count(), "breaches": found}))
        else:
            for breach in breaches:
                place = f"entry {breach.entry} " if breach.entry else ""
                row = f"{breach.source} {breach.source_id or ''}".strip()
                self.stdout.write(
                    f"{breach.kind}: subject {breach.subject} seq {breach.seq} {place}{row} {breach.detail}".rstrip()
                )
            self.stdout.write(f"{Entry.objects.count()} entries, {len(breaches)} damaged.")
        if breaches:
            sys.exit(1)
        if not options["subject"]:
            tell_clean(now=now())
