"""Every clock of a case, with its arithmetic."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.clocks import ledger
from cases.clocks.models import Clock
from cases.models import Case


class Command(BaseCommand):
    help = "Every clock of a case, with its arithmetic: explain TS20260928-00017"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--json", action="store_true", help="the last line is one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(number=options["number"]).first()
        if case is None:
            raise CommandError(_("There is no case %(number)s.") % {"number": options["number"]})
        clocks = ledger.explain(case)
        if options["json"]:
            self.stdout.write(json.dumps({"number": case.number, "clocks": clocks}, ensure_ascii=False))
            return
        self.stdout.write(case.number)
        for clock in clocks:
            self._print(clock)

    def _print(self, clock: dict[str, Any]) -> None:
        write = self.stdout.write
        write("")
        write(f"{clock['code']} {clock['label']} · {clock['rule']} · {Clock.State(clock['state']).label}")
        ends = clock["due"] or _("suspended, %(left)s days left") % {"left": clock["days_left"]}
        write(
            _("Ends: %(total)s") % {"total": ends}
            + (_(" (provisional: a holiday notice is still to come)") if clock["provisional"] else "")
        )
        if clock["stopped"]:
            write(_("Stopped: %(at)s") % {"at": clock["stopped"]})
        if clock["breached"]:
            write(_("Overdue, seen: %(at)s") % {"at": clock["breached"]})
        for line in clock["lines"]:
            moved = f"{line['days']:+d}" if line["counts"] and line["days"] else ""
            write(f"{'  ' if line['counts'] else '· '}{line['day']}  {moved:>5}  {line['label']}  [{line['source']}]")
