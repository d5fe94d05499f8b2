"""What is read with nearly every request and changed a few times a year: kept in each process for a minute."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

KEEP_SECONDS = 60.0

_kept: dict[tuple[object, ...], tuple[float, object]] = {}


def kept(read: Callable[P, T]) -> Callable[P, T]:
    """Ask `read` at most once a minute for each set of arguments. None and what raises are asked again: they are not there yet."""

    @functools.wraps(read)
    def known(*args: P.args, **kwargs: P.kwargs) -> T:
        place = (read, args, *sorted(kwargs.items()))
        found = _kept.get(place)
        if found is None or time.monotonic() - found[0] > KEEP_SECONDS:
            value = read(*args, **kwargs)
            if value is None:
                return value
            found = _kept[place] = (time.monotonic(), value)
        return found[1]  # type: ignore[return-value]

    return known


def forget() -> None:
    """Read everything anew at the next call: after a change in this process. Others follow within the minute."""
    _kept.clear()
