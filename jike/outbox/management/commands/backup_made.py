"""Told by the backup script when a backup is complete."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from jike.base.dates import now
from jike.outbox.pulses import note_pulse


class Command(BaseCommand):
    help = "Note that a backup has just been completed; the operations page shows its age and warns after 26 hours."

    def handle(self, *args: Any, **options: Any) -> None:
        note_pulse("backup", now=now())
        self.stdout.write(_("The backup is noted."))
