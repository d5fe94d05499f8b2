"""Lines for columns that `config/data_retention.yaml` does not name yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jike.privacy.retention import read_register, wrong_lines


class Command(BaseCommand):
    help = "Print the lines missing in config/data_retention.yaml, to be judged and pasted under `columns`."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        problems, paste = wrong_lines(read_register())
        for line in paste:
            self.stdout.write(line)
        for problem in problems:
            self.stderr.write(problem)
