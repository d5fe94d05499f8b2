"""Who does what: handlers by topic, and the timers that run in every sweep. Filled in `apps.ready()` by importing modules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jike.outbox.errors import UnknownTopic

QUEUES = ("notify", "documents", "default")
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)

Finish = Callable[[], Any]
Work = Callable[[Any], Finish | None]
Timer = Callable[[datetime], Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one topic is worked. `lease_seconds` is the longest time a worker may be silent before another takes over."""

    topic: str
    work: Work
    queue: str
    max_attempts: int
    lease_seconds: int

    def pause_after(self, attempts: int) -> timedelta:
        """2 s after the first failed attempt, doubling, at most an hour."""
        return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


_handlers: dict[str, Handler] = {}
_timers: dict[str, Timer] = {}


def handler(
    topic: str, *, queue: str = "default", max_attempts: int = 8, lease_seconds: int = 60
) -> Callable[[Work], Work]:
    """Make the decorated `f(job: ClaimedJob)` the work of `topic`.

    It runs outside any transaction and may run more than once: it must be idempotent by the job's key. It may return a
    callable, which runs inside the finishing transaction with the job locked and the fence checked; what that returns (a
    dict of identifiers and codes, or None) is kept as the job's receipt. Raise `Postpone`, `Failed` or `GiveUp` to end otherwise.
    """
    if queue not in QUEUES or not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", topic):
        raise ValueError(
            f"Handler {topic!r}: the queue must be one of {', '.join(QUEUES)} and the topic like app.verb."
        )

    def register(work: Work) -> Work:
        earlier = _handlers.get(topic)
        if earlier and (earlier.work.__module__, earlier.work.__qualname__) != (work.__module__, work.__qualname__):
            raise ValueError(f"Topic {topic!r} already has a handler.")
        _handlers[topic] = Handler(topic, work, queue, max_attempts, lease_seconds)
        return work

    return register


def handler_of(topic: str) -> Handler:
    try:
        return _handlers[topic]
    except KeyError:
        raise UnknownTopic(topic) from None


def timer(name: str) -> Callable[[Timer], Timer]:
    """Make the decorated `f(now)` run in every sweep. It runs outside a transaction and must be idempotent."""

    def register(work: Timer) -> Timer:
        _timers[name] = work
        return work

    return register


def timers() -> dict[str, Timer]:
    return dict(_timers)
