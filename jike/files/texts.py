"""The words of a PDF, read out by a process of its own that may use little memory, little time and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = Path(__file__).with_name("readout.py")
_SECONDS = 30
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
OUTCOMES = frozenset({"read", "cut", "empty", "locked", "damaged"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a PDF. `outcome` is one of `OUTCOMES` or heavy: it asked for more than it may have. Then there is no text."""

    outcome: str
    pages: int = 0
    text: str = ""


def words_of_pdf(content: bytes) -> Reading:
    """The words of all pages in reading order, as many as the limits of `readout.py` allow.

    The limits are the child's own, and the wall clock of this process: a busy machine gives a hanging child no processor time to
    run out of. What the child says is believed only in the shape agreed upon.
    """
    order = [sys.executable, "-I", str(_PROGRAM)]
    try:
        done = subprocess.run(
            order,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a hostile file can make a parser complain for gigabytes
            timeout=_SECONDS,
            env=_ENVIRONMENT,
            check=False,
        )
        told = json.loads(done.stdout)
        outcome, pages, text = told["outcome"], int(told["pages"]), told["text"]
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return Reading("heavy")
    is_fit = done.returncode == 0 and isinstance(outcome, str) and outcome in OUTCOMES and isinstance(text, str)
    return Reading(outcome, pages, text) if is_fit else Reading("heavy")
