"""Put a year's holiday notice in force."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from jike import calendars
from jike.base.dates import now
from jike.calendars.notices import NoticeInvalid, parse_notice


class Command(BaseCommand):
    help = "Put a year's holiday notice in force: JSON {year, days: [{name, date, isOffDay}]}. A corrected notice is a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="the last line is one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            notice = parse_notice(path.read_text(encoding="utf-8-sig"))
        except OSError:
            raise CommandError(_("The file %(path)s cannot be read.") % {"path": path}) from None
        except UnicodeDecodeError:
            raise CommandError(_("The file %(path)s is not UTF-8 text.") % {"path": path}) from None
        except NoticeInvalid as invalid:
            raise CommandError("\n".join(invalid.problems)) from None
        done = calendars.import_notice(notice, now=now())
        warnings = [
            _("%(date)s is a day off by statute, but the file does not list it.") % {"date": day}
            for day in notice.missing_statutory_days()
        ]
        if options["json"]:
            facts = {
                "year": done.year,
                "version": done.version,
                "new": done.is_new,
                "days": len(notice.days),
                "warnings": warnings,
            }
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        for warning in warnings:
            self.stderr.write(warning)
        told = _("%(year)d: version %(version)d is in force (%(off)d days off, %(working)d make-up working days).")
        if not done.is_new:
            told = _(
                "%(year)d: nothing new, version %(version)d stays in force (%(off)d days off, %(working)d make-up working days)."
            )
        facts = {"year": done.year, "version": done.version, "off": len(notice.off), "working": len(notice.working)}
        self.stdout.write(told % facts)
