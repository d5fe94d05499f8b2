"""The program: `covering look|cover|check < order > answer`.

An order is a line of JSON with `areas` ([page, x, y, width, height], pages from 1, the rest as fractions of the page from its upper
left corner) and `face`, the length of the font that follows; then the font, then the PDF. The answer is a line of JSON with
`outcome`, then bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[3]))

from jike.files.covering import covers, library, looks
from jike.files.looking import confines

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 400
MOST_BYTES = 256 * 1024 * 1024


def answer(task: str, content: bytes, areas: list[Any]) -> tuple[dict[str, Any], bytes]:
    if task == "look":
        told, images = looks.look(content)
        return {"outcome": "seen", **told}, images
    if task == "cover":
        return {"outcome": "covered"}, covers.covered(content, areas)
    return {"outcome": covers.trouble_of(content, areas) or "clean"}, b""


if __name__ == "__main__":
    order = json.loads(sys.stdin.buffer.readline())
    # The library is loaded, with the font it shall use, before reading is confined; not a byte of the paper was read yet.
    library.load(sys.stdin.buffer.read(order["face"]))
    confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    try:
        told, out = answer(sys.argv[1], sys.stdin.buffer.read(MOST_BYTES), order["areas"])
    except Exception:
        told, out = {"outcome": "failed"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + out)
