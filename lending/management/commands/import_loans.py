"""`manage.py import_loans FILE`: loan documents, one JSON object a line."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from jike.accounts.roles import machine_actor
from jike.base.dates import now
from jike.base.errors import Refused
from lending.loans.actions import import_loan

OUTCOMES = ("created", "updated", "unchanged", "rejected")


class Command(BaseCommand):
    help = (
        "Import loans with schedule, fees, disbursements and repayments: one document a line, of the shape of "
        "lending/loans/documents.py. Each is taken whole or rejected with every reason; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="the last line is the summary as JSON")

    def handle(self, **options: Any) -> None:
        counts: Counter[str] = Counter()
        for number, line in enumerate(self._lines(options["file"]), start=1):
            if line.strip():
                counts[self._take(number, line)] += 1
        summary = {"rows": counts.total()} | {name: counts[name] for name in OUTCOMES}
        self.stdout.write("  ".join(f"{name}: {count}" for name, count in summary.items()))
        if options["json"]:
            self.stdout.write(json.dumps(summary))

    def _lines(self, path: Path) -> list[str]:
        try:
            return path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error

    def _take(self, number: int, line: str) -> str:
        try:
            return import_loan(json.loads(line), actor=machine_actor("importer"), now=now()).outcome
        except (json.JSONDecodeError, RecursionError):
            self.stdout.write(_("Line %(number)d is not JSON.") % {"number": number})
        except Refused as refused:
            for blocker in refused.blockers:
                where = f" [{blocker.field}]" if blocker.field else ""
                self.stdout.write(f"{number}: {blocker.message}{where}")
        return "rejected"
