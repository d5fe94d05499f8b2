"""The pages of a paper, made by a process of its own that may use little memory, little time and nothing else. See `jike.files.paging`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jike.files import kinds
from jike.files.confined import NoAnswer, answer_of

_PROGRAM = Path(__file__).with_name("paging")
_SECONDS = 120
PAGED = kinds.PICTURES | {kinds.PDF, kinds.EML, kinds.MSG, kinds.TEXT, kinds.HTML}
"""What has pages, or words that can be laid out as pages."""
Outcome = Literal["pages", "words", "none", "failed"]


@dataclass(frozen=True, slots=True)
class Paged:
    """What came of it. `pages` is a PDF of nothing but `count` pages; `words` come for the renderer instead, with the `fields` of a mail's head.

    The outcome is none for what is no pages by nature, failed for what could not be shown within the limits.
    """

    outcome: Outcome
    pages: bytes = b""
    count: int = 0
    fields: Sequence[tuple[str, str]] = ()
    body: str = ""
    is_cut: bool = False


def pages_of(content: bytes, kind: str) -> Paged:
    """The pages of a paper of this kind. What the child says is believed only in the shape agreed upon."""
    try:
        head, _line, pages = answer_of(_PROGRAM, kind, given=content, seconds=_SECONDS).partition(b"\n")
        told = json.loads(head)
        outcome = told["outcome"]
        count = int(told.get("count", 0))
        if outcome == "words":
            fields = [(str(name), str(value)) for name, value in told["fields"]]
            return Paged("words", fields=fields, body=str(told["body"]), is_cut=bool(told["is_cut"]))
    except (NoAnswer, ValueError, KeyError, TypeError):
        return Paged("failed")
    if outcome == "pages" and count > 0 and pages.startswith(b"%PDF-"):
        return Paged("pages", pages, count)
    return Paged("none" if outcome == "none" else "failed")
