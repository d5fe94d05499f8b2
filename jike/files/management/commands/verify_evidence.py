"""Check the stored files; exit 1 when one is damaged."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jike.base.dates import now
from jike.files.models import StoredFile
from jike.files.store import verify_files

HARMLESS = frozenset({"orphan"})


class Command(BaseCommand):
    help = "Read every stored file and compare it with its hashes. Exit 1 and name the rows when one is missing, changed or unreadable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verify_files(now=now()))
        breaches = [trouble for trouble in found if trouble.kind not in HARMLESS]
        rows = [{"kind": t.kind, "file": str(t.file) if t.file else None, "path": t.path} for t in found]
        files = StoredFile.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not breaches, "files": files, "breaches": rows}))
        else:
            for trouble in found:
                self.stdout.write(f"{trouble.kind}: file {trouble.file or ''} {trouble.path}".rstrip())
            self.stdout.write(f"{files} files, {len(breaches)} damaged.")
        if breaches:
            sys.exit(1)
