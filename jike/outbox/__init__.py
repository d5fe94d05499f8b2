"""Work for the world outside: job rows written with the fact, leases, the sweep, and the channels that carry messages.

The job row is the truth and the broker a doorbell: losing the broker costs delay, never work. Bodies, keys and receipts hold
identifiers and codes. What a message says, and what its delivery means, belongs to the domain that speaks.
The names of `jike.outbox.jobs` are offered here too, once the app registry stands: `outbox.post`, `outbox.handler`.
"""

from importlib import import_module
from typing import Any

# Not read from `jobs` itself: `from jike.outbox import <submodule>` asks here first, and must not load anything.
_OFFERED = frozenset(
    {
        "ClaimedJob",
        "Failed",
        "GiveUp",
        "NewJob",
        "Postpone",
        "handler",
        "post",
        "post_many",
        "retry_dead",
        "sweep",
        "timer",
    }
)


def __getattr__(name: str) -> Any:
    if name in _OFFERED:
        return getattr(import_module("jike.outbox.jobs"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
