"""`manage.py import_loans FILE`: loan documents, one JSON object a line, or a folder of CSV tables."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from jike.accounts.roles import machine_actor
from jike.base.dates import now
from jike.base.errors import Refused
from lending.loans.actions import import_loan
from lending.loans.tables import documents_in
from lending.parties import register_funder, register_merchant, register_terms_of

OUTCOMES = ("created", "updated", "unchanged", "rejected")
PARTIES: dict[str, Callable[..., Any]] = {
    "terms": register_terms_of,
    "merchant": register_merchant,
    "merchants": register_merchant,
    "funder": register_funder,
    "funders": register_funder,
}


class Command(BaseCommand):
    help = (
        "Import loans with schedule, fees, disbursements and repayments, and the merchants, institutions and terms they name: one JSON "
        'document a line (of the shape of lending/loans/documents.py, or {"merchant": …}, {"funder": …}, {"terms": …}), or a folder of '
        "CSV tables (lending/loans/tables.py). Each is taken whole or rejected with every reason; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="the last line is the summary as JSON")

    def handle(self, **options: Any) -> None:
        path, counts = options["file"], Counter[str]()
        for where, what, content in self._tables(path) if path.is_dir() else self._lines(path):
            counts[self._take(where, what, content)] += 1
        summary = {"rows": counts.total()} | {name: counts[name] for name in OUTCOMES}
        self.stdout.write("  ".join(f"{name}: {count}" for name, count in summary.items()))
        if options["json"]:
            self.stdout.write(json.dumps(summary))

    def _lines(self, path: Path) -> Iterator[tuple[str, str, Any]]:
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield str(number), *_told(line)

    def _tables(self, folder: Path) -> Iterator[tuple[str, str, Any]]:
        try:
            yield from ((f"{what}.csv:{number}", what, content) for what, number, content in documents_in(folder))
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error

    def _take(self, where: str, what: str, content: Any) -> str:
        actor = machine_actor("importer")
        try:
            if what == "nothing":
                self.stdout.write(_("Line %(where)s is not JSON.") % {"where": where})
            elif what in PARTIES:
                return str(PARTIES[what](content, actor=actor, now=now())[1])
            else:
                return import_loan(content, actor=actor, now=now()).outcome
        except Refused as refused:
            for blocker in refused.blockers:
                field = f" [{blocker.field}]" if blocker.field else ""
                self.stdout.write(f"{where}: {blocker.message}{field}")
        return "rejected"


def _told(line: str) -> tuple[str, Any]:
    """What a line is about: a loan, or the one party it names."""
    try:
        content = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return "nothing", None
    if isinstance(content, dict) and len(content) == 1 and (name := next(iter(content))) in PARTIES:
        return name, content[name]
    return "loans", content
