"""`manage.py fake_core`: the pretended core lending system of the demonstration, in the foreground, on this machine only."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lending.orders.fake import FakeLending

BOOK = "fake-core.jsonl"


class Command(BaseCommand):
    help = "Run a pretended core lending system on loopback until it is stopped. It moves no money."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, required=True)

    def handle(self, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: stop.set())
        callback = f"{settings.PUBLIC_BASE_URL}/api/v1/callbacks/lending/"
        with FakeLending(port=options["port"], callback=callback, kept=settings.HOME.path / BOOK):
            stop.wait()
