"""The program: confine itself, read, answer in one line of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

sys.path.append(str(Path(__file__).resolve().parents[3]))

from jike.files import kinds
from jike.files.looking import confines

MEMORY_BYTES = 512 * 1024**2
CPU_SECONDS = 60


def timed(stream: BinaryIO, kind: str) -> dict[str, Any]:
    from jike.files.looking.source import Source  # noqa: PLC0415
    from jike.files.timing import mp4, webm  # noqa: PLC0415

    reader = webm if kind == kinds.EBML else mp4 if kind in kinds.BOXED else None
    if reader is None:
        return {"refused": "recording.kind", "tracks": [], "is_cut": False}
    try:
        tracks, is_cut = reader.read(Source(stream))
    except MemoryError:
        return {"refused": "file.too_heavy", "tracks": [], "is_cut": False}
    except Exception:
        return {"refused": "recording.damaged", "tracks": [], "is_cut": False}
    return {"refused": "", "tracks": [track.told() for track in tracks[:8] if track.pieces], "is_cut": is_cut}


if __name__ == "__main__":
    confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    sys.stdout.write(json.dumps(timed(sys.stdin.buffer, sys.argv[1])))
