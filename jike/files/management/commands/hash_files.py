"""After an upgrade: give the files that came before it their SM3 hash."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jike.files.store import add_missing_hashes


class Command(BaseCommand):
    help = "Compute the SM3 hash of files from before it was kept. May be stopped and started again."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while done := add_missing_hashes():
            total += done
            self.stdout.write(f"{total} files hashed")
        self.stdout.write(f"{total} files hashed in all.")
