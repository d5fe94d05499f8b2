"""Work for the world outside: job rows written with the fact, leases, the sweep, and the channels that carry messages.

The job row is the truth and the broker a doorbell: losing the broker costs delay, never work. Bodies, keys and receipts hold
identifiers and codes. What a message says, and what its delivery means, belongs to the domain that speaks.
`outbox.post`, `outbox.handler` and the rest of `jike.outbox.jobs` are offered here too, once the app registry stands.
"""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    jobs = import_module("jike.outbox.jobs") if not name.startswith("_") else None
    if jobs is None or name not in jobs.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(jobs, name)
