"""Calling the workers. It may fail, block or be forgotten without harm: the sweep rings again for whatever nobody has taken.

A request never waits for the broker: `ring_soon` puts the ids in a bounded queue which one thread per process empties.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.conf import settings

logger = logging.getLogger(__name__)

Call = tuple[str, UUID]

MOST_WAITING = 20_000
REST_AFTER_FAILURE = 5.0  # seconds without a try when the broker is away
TASKS_BEFORE_BATCHING = 20
BATCH = {"notify": 500, "default": 100, "documents": 1}


class Doorbell:
    """The queue and the thread of one process. Both are made anew after a fork."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: after a fork the thread is gone and the lock may be held by nobody."""
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._rest_until = 0.0

    def ring_soon(self, calls: Iterable[Call]) -> None:
        if time.monotonic() < self._rest_until or self._waiting.qsize() > MOST_WAITING:
            return
        self._start()
        for call in calls:
            self._waiting.put(call)

    def close(self, seconds: float = 1.0) -> None:
        """Ring for what is waiting, for at most `seconds`. A short command ends with its bells rung."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join(seconds)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._waiting = queue.SimpleQueue()
                self._thread = threading.Thread(target=self._run, name="outbox-doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            calls = [self._waiting.get()]
            while len(calls) < MOST_WAITING:
                try:
                    calls.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            if not ring([call for call in calls if call]):
                self._rest_until = time.monotonic() + REST_AFTER_FAILURE
            if None in calls:
                return


def ring(calls: Iterable[Call]) -> bool:
    """Publish one task per job, or one task per batch of jobs when there are many. False when the broker is away."""
    messages = list(_messages(calls))
    try:
        from jike.outbox.application import app  # noqa: PLC0415  Celery costs 0.3 s, which a command that rings nothing saves

        with app.producer_or_acquire() as producer:
            for name, arguments, queue_name in messages:
                app.send_task(name, kwargs=arguments, queue=queue_name, producer=producer, retry=False)
    except Exception as error:  # whatever a broker library raises, the sweep makes up for it
        logger.warning("outbox.doorbell_failed code=error.%s", type(error).__name__)
        return False
    return True


def _messages(calls: Iterable[Call]) -> Iterator[tuple[str, dict[str, object], str]]:
    by_queue: dict[str, list[str]] = {}
    for queue_name, job_id in calls:
        by_queue.setdefault(queue_name, []).append(str(job_id))
    for queue_name, ids in by_queue.items():
        size = BATCH.get(queue_name, 1) if len(ids) > TASKS_BEFORE_BATCHING else 1
        for start in range(0, len(ids), size):
            if size == 1:
                yield "outbox.run", {"job_id": ids[start]}, queue_name
            else:
                yield "outbox.run_many", {"ids": ids[start : start + size]}, queue_name


_doorbell = Doorbell()
atexit.register(_doorbell.close)
os.register_at_fork(after_in_child=_doorbell.forget)


def ring_soon(calls: Iterable[Call]) -> None:
    """Ring for committed jobs without making the caller wait. Never raises."""
    if getattr(settings, "OUTBOX_DOORBELL", True):
        _doorbell.ring_soon(calls)
