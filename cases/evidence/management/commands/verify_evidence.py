"""Check files, custody and register; exit 1 when anything is not as it was."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.evidence.models import Custody, Item
from cases.evidence.verification import verify_evidence
from jike.base.dates import now
from jike.files.models import StoredFile


class Command(BaseCommand):
    help = (
        "Read every stored file and compare it with its hashes, the hashes with the ledger, the register with custody. "
        "Exit 1 and name the rows when anything is missing, changed or unreadable."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verify_evidence(now=now()))
        breaches = [trouble for trouble in found if trouble.is_breach]
        counts = {
            "files": StoredFile.objects.count(),
            "items": Item.objects.count(),
            "custody": Custody.objects.count(),
        }
        if options["json"]:
            rows = [trouble.as_dict() for trouble in found]
            self.stdout.write(json.dumps({"ok": not breaches, **counts, "breaches": rows}))
        else:
            for trouble in found:
                self.stdout.write(str(trouble))
            said = ", ".join(f"{number} {name}" for name, number in counts.items())
            self.stdout.write(f"{said}; {len(breaches)} breaches.")
        if breaches:
            sys.exit(1)
