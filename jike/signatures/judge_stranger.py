"""Judge the signatures of one PDF a stranger handed in. A program of its own: `judge_stranger.py < beliefs and PDF > JSON`.

The first line of what comes in is JSON with the certificates to believe, the rest is the document. It limits itself before it reads
a byte of it, and after its libraries are loaded, which look at time zones: memory, processor time, no network, no program, no file but its libraries.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from jike.files.looking import confines
from jike.signatures import judging

MEMORY_BYTES = 768 * 1024**2
CPU_SECONDS = 12


if __name__ == "__main__":
    logging.disable()
    confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    beliefs = judging.Beliefs(**json.loads(sys.stdin.buffer.readline()))
    sys.stdout.write(json.dumps(judging.judge_stranger(sys.stdin.buffer.read(), beliefs)))
