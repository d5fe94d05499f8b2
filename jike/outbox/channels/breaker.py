"""A breaker per provider and process: when it does not answer, jobs wait instead of blocking the workers one by one."""

from __future__ import annotations

import threading
import time

from jike.outbox.errors import Postpone

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 20.0


class Breaker:
    """Opens after five failures in a row; after 20 s it lets one call try."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_from = 0.0

    def ask(self) -> None:
        """Raise `Postpone` while the provider rests. The caller that is let through after the rest holds the others off."""
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return
            wait = self._closed_from - time.monotonic()
            if wait > 0:
                raise Postpone(wait, f"{self._name}.resting")
            self._closed_from = time.monotonic() + OPEN_SECONDS

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._closed_from = time.monotonic() + OPEN_SECONDS
