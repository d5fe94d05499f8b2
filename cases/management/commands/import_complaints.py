"""`manage.py import_complaints FILE`: complaints from CSV, XLSX or JSONL, historical unless `--live`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.imports.mapping import FIELDS
from cases.imports.reader import FORMATS, Unreadable
from cases.imports.run import Import
from cases.starter import ensure_units
from jike.accounts.roles import machine_actor
from jike.base.dates import now


class Command(BaseCommand):
    help = (
        "Import complaints. Historical by default: received and closed as the file says, no clock, no message. Every row is "
        "created, a duplicate, or rejected with its line and reason; running it again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=FORMATS, default="", help="by default found from the content")
        parser.add_argument("--encoding", default="", help="by default found from the content")
        parser.add_argument("--map", default="", metavar="FIELD=HEADER,…", help=f"fields: {', '.join(FIELDS)}")
        parser.add_argument("--source", default="", help="where the numbers come from; identity is source and number")
        parser.add_argument(
            "--live", action="store_true", help="file real complaints: clock, acknowledgement, minimum facts"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and judge everything, write nothing")
        parser.add_argument("--json", action="store_true", help="the last line is the summary as JSON")

    def handle(self, **options: Any) -> None:
        if not options["dry_run"]:
            ensure_units(now())
        job = Import(
            machine_actor("importer"), now(), self.stdout.write, live=options["live"], dry_run=options["dry_run"]
        )
        try:
            summary = job.read(
                options["file"],
                file_format=options["format"],
                columns=options["map"],
                source=options["source"],
                encoding=options["encoding"],
            )
        except Unreadable as error:
            raise CommandError(str(error)) from error
        counts = {name: getattr(summary, name) for name in ("rows", "created", "duplicates", "rejected", "warnings")}
        self.stdout.write("  ".join(f"{name}: {count}" for name, count in counts.items()))
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_dict(), ensure_ascii=False))
