"""Working days: the State Council's holiday notices as data, one row per year and version, and the arithmetic on them.

It knows days, not time limits; those are `cases.clocks`. A year without a notice is answered from the statute's own days
off and marked provisional.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jike.calendars.workdays import Calendar

if TYPE_CHECKING:
    from jike.calendars.store import current, forget, import_notice

_STORED = {"current", "forget", "import_notice"}

__all__ = ["Calendar", "current", "forget", "import_notice"]


def __getattr__(name: str) -> Any:
    """The stored functions need the app registry, so they load at first use."""
    if name in _STORED:
        return getattr(import_module("jike.calendars.store"), name)
    raise AttributeError(name)
