"""Looking into a file by a process of its own that may use little memory, little time and nothing else. See `jike.files.looking`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("looking")
_SECONDS = 30
_MOST_ANSWER = 512 * 1024
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of looking. `refused` is a code, empty for a file that is taken; `concerns` are codes of what a person must see first.

    `facts` are numbers and codes and name nobody; `words` may: names of parts, camera, subject. `seconds` is how
    long looking took, `peak_bytes` the memory of the process that looked, as it told itself; nothing for one that was stopped.
    """

    kind: str
    refused: str = ""
    concerns: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0
    peak_bytes: int = 0


def examine(chunks: Iterable[bytes], *, kind: str, ending: str = "") -> Examined:
    """Look into a file of `kind` that comes in pieces; `ending` is what its name ends in, to be compared with what it is.

    The limits are the child's own, and the wall clock of this process: a busy machine gives a hanging child no processor time to
    run out of. What the child says is believed only in the shape agreed upon; a child that dies says by it that the file is not safe.
    """
    began = time.monotonic()
    answer, status = answer_to([str(_PROGRAM), kind, ending[:20]], chunks, seconds=_SECONDS)
    return _believed(kind, answer, status, seconds=round(time.monotonic() - began, 2))


def answer_to(program: Sequence[str], chunks: Iterable[bytes], *, seconds: float) -> tuple[bytes, int]:
    """What a confined program says to a file that comes in pieces, and how it ended. It is stopped after so many seconds."""
    order = [sys.executable, "-I", *program]
    child = subprocess.Popen(
        order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_ENVIRONMENT
    )
    answer: list[bytes] = []
    alarm = threading.Timer(seconds, child.kill)
    listener = threading.Thread(target=_listen, args=(child, answer), daemon=True)
    alarm.start()
    listener.start()
    try:
        _feed(child, chunks)
        listener.join()
        status = child.wait()
    finally:
        alarm.cancel()
        if child.returncode is None:
            child.kill()
            child.wait()
            listener.join()
    return b"".join(answer), status


def _feed(child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    """In the thread of the caller, whose database the chunks may come from. A child that has seen enough, or was stopped, closes its end."""
    assert child.stdin is not None
    with suppress(BrokenPipeError), child.stdin:
        for chunk in chunks:
            child.stdin.write(chunk)


def _listen(child: subprocess.Popen[bytes], answer: list[bytes]) -> None:
    assert child.stdout is not None
    with child.stdout:
        answer.append(child.stdout.read(_MOST_ANSWER + 1))


def _believed(kind: str, answer: bytes, status: int, *, seconds: float) -> Examined:
    if status in (-signal.SIGKILL, -signal.SIGXCPU):
        return Examined(kind, "file.too_heavy", seconds=seconds)
    try:
        told = json.loads(answer)
        facts, words, concerns = told["facts"], told["words"], told["concerns"]
        is_fit = isinstance(facts, dict) and isinstance(words, dict) and all(isinstance(code, str) for code in concerns)
        found = Examined(
            str(told["kind"])[:100],
            str(told["refused"])[:40],
            tuple(concerns),
            facts,
            words,
            seconds,
            int(told["peak_bytes"]),
        )
    except (ValueError, KeyError, TypeError):
        return Examined(kind, "file.damaged" if status >= 0 else "file.unsafe", seconds=seconds)
    return (
        found
        if is_fit and status == 0 and len(answer) <= _MOST_ANSWER
        else Examined(kind, "file.unsafe", seconds=seconds)
    )
