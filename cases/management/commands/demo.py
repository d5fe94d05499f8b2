"""`manage.py demo`: staff accounts and the demo story; running it again changes nothing."""

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.demo.accounts import ensure_accounts, write_file
from cases.demo.story import tell_story
from cases.starter import ensure_starter_data
from jike.base.dates import now


class Command(BaseCommand):
    help = "Make the demo's staff and cases, and print how to sign in. Only in demo mode or on the embedded database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=0, metavar="N", help="also N bulk cases")
        parser.add_argument("--json", action="store_true", help="the last line is everything as JSON")

    def handle(self, **options: Any) -> None:
        if not (settings.DEMO or settings.EMBEDDED):
            raise CommandError(
                "The demo makes accounts with known passwords. Set DEMO=1 for a database that holds nothing else."
            )
        moment = now()
        ensure_starter_data(moment)
        accounts = ensure_accounts()
        write_file(accounts)
        cases = tell_story(moment)
        if options["cases"]:
            call_command("load_scale", cases=options["cases"], stdout=self.stdout)
        for account in accounts:
            self.stdout.write(
                f"{account.username:<10} {account.password}  {account.name}  {account.roles}  {account.unit}"
            )
        for case in cases:
            self.stdout.write(f"{case.number}  {case.state:<14} {case.receipt_code}  {case.consumer} {case.phone}")
        if options["json"]:
            document = {"accounts": [a.as_dict() for a in accounts], "cases": [c.as_dict() for c in cases]}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
