"""Places where tests kill the process to prove that nothing is lost. Dead code unless `ENABLE_FAILPOINTS` is on."""

from __future__ import annotations

import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Kill this process with SIGKILL when `FAILPOINT=name[:nth]` asks for it (`nth` counts from 1)."""
    if os.environ.get("ENABLE_FAILPOINTS") != "1":
        return
    wanted, _, nth = os.environ.get("FAILPOINT", "").partition(":")
    if wanted == name:
        _passed[name] += 1
        if _passed[name] == int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)
