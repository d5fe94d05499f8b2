"""Draw the state diagrams of the docs from the machines."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.diagrams import diagram_of, diagram_of_recording
from cases.kinds import all_kinds


class Command(BaseCommand):
    help = "Write docs/states/*.md from the machines; with --check only say which are out of date (exit 1)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "states"
        stale = []
        drawn = {kind.code: diagram_of(kind) for kind in all_kinds()} | {"recording": diagram_of_recording()}
        for code, text in drawn.items():
            path = folder / f"{code}.md"
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(path.name)
            if not options["check"]:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        if stale and options["check"]:
            self.stderr.write(f"Out of date: {', '.join(stale)}. Run manage.py state_diagrams.")
            sys.exit(1)
