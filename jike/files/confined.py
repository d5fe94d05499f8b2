"""Running a program that reads a stranger's file: it limits itself, and this process watches the clock. See `jike.files.looking.confines`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}


class NoAnswer(Exception):
    """The program was stopped by its limits or by the clock, or it broke."""


def answer_of(program: Path, *words: str, given: bytes, seconds: float, files: Sequence[int] = ()) -> bytes:
    """What the program says to `given`. `files` are open files it may use. Raises `NoAnswer`.

    The limits are the child's own, and the wall clock of this process: a busy machine gives a hanging child no processor time to
    run out of. What it says is believed by nobody before its shape was looked at.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(program), *words],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a hostile file can make a parser complain for gigabytes
            pass_fds=tuple(files),
            timeout=seconds,
            env=_ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoAnswer from None
    if done.returncode != 0:
        raise NoAnswer
    return done.stdout
