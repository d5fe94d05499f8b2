"""Which due dates a candidate table of limits or holiday notice would have moved. Writes nothing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.clocks import rules
from cases.clocks.rehearsal import Rehearsal, rehearse_calendar, rehearse_rules
from jike import calendars
from jike.base.dates import now as current_instant
from jike.calendars.notices import NoticeInvalid, parse_notice
from jike.calendars.store import calendar_with


class Command(BaseCommand):
    help = "Which due dates of open cases and of the last 30 days a table of limits or a holiday notice would have moved; nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--rules", type=Path, metavar="FILE", help="a table like config/rules/clocks.yaml")
        what.add_argument("--calendar", type=Path, metavar="FILE", help="a holiday notice, JSON {year, days}")
        parser.add_argument("--json", action="store_true", help="the last line is one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._rehearsed(options["rules"], options["calendar"])
        if options["json"]:
            self.stdout.write(json.dumps(facts_of(found), ensure_ascii=False))
            return
        for one in found.moved:
            self.stdout.write(f"{one.number}  {one.code:12} {one.old or '—'} → {one.new or '—'}")
        words = {"looked_at": found.looked_at, "moved": len(found.moved), "settled": found.settled}
        self.stdout.write(_("%(looked_at)s clocks, %(moved)s would move, %(settled)s would become certain") % words)

    def _rehearsed(self, table: Path | None, notice: Path | None) -> Rehearsal:
        now = current_instant()
        try:
            if table:
                return rehearse_rules(rules.load(table, overlay=()), calendar=calendars.current(), now=now)
            assert notice
            return rehearse_calendar(calendar_with(parse_notice(notice.read_text(encoding="utf-8-sig"))), now=now)
        except OSError:
            raise CommandError(_("The file %(path)s cannot be read.") % {"path": table or notice}) from None
        except (rules.TableInvalid, yaml.YAMLError, KeyError, TypeError) as error:
            raise CommandError(_("The table contradicts itself: %(error)s") % {"error": error}) from None
        except NoticeInvalid as invalid:
            raise CommandError("\n".join(invalid.problems)) from None


def facts_of(found: Rehearsal) -> dict[str, Any]:
    """A rehearsal as plain values, dates as ISO text; null where a clock stands still."""
    return {
        "looked_at": found.looked_at,
        "settled": found.settled,
        "moved": [
            {
                "number": one.number,
                "code": one.code,
                "old": one.old.isoformat() if one.old else None,
                "new": one.new.isoformat() if one.new else None,
                "was_provisional": one.was_provisional,
                "is_provisional": one.is_provisional,
            }
            for one in found.moved
        ],
    }
