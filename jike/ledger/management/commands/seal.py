"""One ledger checkpoint now."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jike.base.dates import now
from jike.ledger.sealing import seal
from jike.ledger.signing import current_version, public_key
from jike.ledger.tree import public_pem


class Command(BaseCommand):
    help = "Seal the entries that wait, sign a head, and write it outside the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
        parser.add_argument(
            "--public-key", action="store_true", help="only print the public key that heads are signed with"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["public_key"]:
            self.stdout.write(public_pem(public_key(current_version())).strip())
            return
        done = seal(now=now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        else:
            self.stdout.write(
                f"{done.entries} entries sealed, {done.kept} heads written outside, {done.size} entries in the tree."
            )
