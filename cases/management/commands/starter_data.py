"""`manage.py starter_data`: units, the platform's entry and, unless refused, invented funders and merchants."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.starter import ensure_starter_data
from jike.base.dates import now


class Command(BaseCommand):
    help = "Load what a new installation begins with (config/starter.yaml). Running it again adds only what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-examples", action="store_true", help="no invented funders and merchants")

    def handle(self, **options: Any) -> None:
        made = ensure_starter_data(now(), with_examples=not options["without_examples"])
        self.stdout.write(", ".join(f"{kind}: {count}" for kind, count in made.items()))
