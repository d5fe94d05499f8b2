"""Check what must always be true of the stored cases."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from cases.invariants import INVARIANTS, breaches


class Command(BaseCommand):
    help = "Check what must always be true of the stored cases; exit 1 on any breach, naming it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            found = list(breaches())
        for breach in found:
            self.stdout.write(self.style.ERROR(f"{breach.code}: {', '.join(breach.rows)}"))
        if options["json"]:
            answer = {"checked": len(INVARIANTS), "breaches": [{"code": b.code, "rows": b.rows} for b in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif not found:
            self.stdout.write(self.style.SUCCESS(f"{len(INVARIANTS)} invariants hold."))
        if found:
            sys.exit(1)
