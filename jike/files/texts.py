"""The words of a PDF, read out by a process of its own that may use little memory, little time and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from jike.files.confined import NoAnswer, answer_of

_PROGRAM = Path(__file__).with_name("readout.py")
_SECONDS = 30
OUTCOMES = frozenset({"read", "cut", "empty", "locked", "damaged"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a PDF. `outcome` is one of `OUTCOMES` or heavy: it asked for more than it may have. Then there is no text."""

    outcome: str
    pages: int = 0
    text: str = ""


def words_of_pdf(content: bytes) -> Reading:
    """The words of all pages in reading order, as many as the limits of `readout.py` allow.

    What the program says is believed only in the shape agreed upon.
    """
    try:
        told = json.loads(answer_of(_PROGRAM, given=content, seconds=_SECONDS))
        outcome, pages, text = told["outcome"], int(told["pages"]), told["text"]
    except (NoAnswer, ValueError, KeyError, TypeError):
        return Reading("heavy")
    is_fit = isinstance(outcome, str) and outcome in OUTCOMES and isinstance(text, str)
    return Reading(outcome, pages, text) if is_fit else Reading("heavy")
