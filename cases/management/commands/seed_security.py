"""`manage.py seed_security`: all roles, two of everything, and people whose names nobody else has."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.demo.security import seed
from jike.base.dates import now


class Command(BaseCommand):
    help = "Make accounts with known passwords, cases and canary identities for security tests, and print them all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the last line is everything as JSON")

    def handle(self, **options: Any) -> None:
        if not (settings.EMBEDDED or settings.DEMO or settings.DEBUG):
            raise CommandError(
                "This makes accounts with known passwords: only on the embedded database, or with DEMO=1."
            )
        made = seed(now())
        if options["json"]:
            self.stdout.write(json.dumps(made, ensure_ascii=False))
            return
        for account in made["accounts"]:
            self.stdout.write(f"{account['username']:<24} {account['password']}  {account['unit']}")
        for case in made["cases"]:
            self.stdout.write(f"{case['number']}  {case['state']:<14} {case['receipt_code']}  {case['phone']}")
