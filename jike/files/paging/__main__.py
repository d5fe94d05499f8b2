"""The program: `paging KIND < original > answer`. A line of JSON with `outcome`, then the PDF where the outcome is pages.

The outcome is pages; words, with what the renderer needs; none, for what has no pages; or failed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[3]))

from jike.files import kinds
from jike.files.looking import confines

MEMORY_BYTES = 1536 * 1024**2
CPU_SECONDS = 60
MOST_BYTES = 64 * 1024 * 1024
WORDS = frozenset({kinds.EML, kinds.MSG, kinds.TEXT, kinds.HTML})


def _counted(pages: bytes, count: int) -> tuple[dict[str, Any], bytes]:
    return {"outcome": "pages", "count": count}, pages


def answer(content: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    if kind in kinds.PICTURES:
        from jike.files.paging import pictures  # noqa: PLC0415 - only one family's libraries are ever loaded

        return _counted(*pictures.pages(content))
    if kind == kinds.PDF:
        from jike.files.paging import pdfs  # noqa: PLC0415

        return _counted(*pdfs.pages(content))
    if kind in WORDS:
        from jike.files.paging import words  # noqa: PLC0415

        return {"outcome": "words", **words.sheet(content, kind)}, b""
    return {"outcome": "none"}, b""


if __name__ == "__main__":
    confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    try:
        told, pages = answer(sys.stdin.buffer.read(MOST_BYTES), sys.argv[1])
    except Exception:
        told, pages = {"outcome": "failed"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + pages)
