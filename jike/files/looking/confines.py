"""What a process that reads a stranger's file takes from itself before it reads a byte: memory, processor time, network, programs, files."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_NEW_NETWORK = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET
_REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "ctypes.", "shutil.")
_OURS = os.path.realpath(Path(__file__).parents[2])
# Of our own the code alone: keys, files and databases may lie beside it.
_LIBRARIES = [place for place in map(os.path.realpath, filter(None, sys.path)) if place != os.path.dirname(_OURS)]  # noqa: PTH120
_READABLE = tuple(place + os.sep for place in [*_LIBRARIES, _OURS])
_STREAMS = frozenset({"/dev/null", "/dev/urandom"})


def confine(*, memory_bytes: int, cpu_seconds: int, file_bytes: int = 0) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    with suppress(AttributeError, OSError):  # a network of its own, with nothing in it, where the kernel allows that
        ctypes.CDLL(None).unshare(_NEW_NETWORK)
    sys.addaudithook(_refuse)


def _refuse(event: str, given: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED) or (event == "open" and not _is_of_the_library(*given)):
        raise PermissionError(event)


def _is_of_the_library(path: object, mode: object, flags: int) -> bool:
    """Reading what Python itself could import: modules and the tables that lie beside them."""
    if not isinstance(path, (str, bytes)) or flags & (os.O_WRONLY | os.O_RDWR):
        return False
    real = os.path.realpath(os.fsdecode(path))
    return real in _STREAMS or real.startswith(_READABLE)
