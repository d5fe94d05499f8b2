"""What the signature in an uploaded document proves. Anybody may ask, so only one document at a time is looked into per process."""

from __future__ import annotations

import io
import threading

from jike import signatures
from jike.signatures.verdicts import Verdict, unread

WAIT_SECONDS = 4
_MARK = b"/ByteRange"
_turn = threading.BoundedSemaphore()


def verdict_on(pdf: bytes) -> Verdict | None:
    """None for what carries no signature at all."""
    if _MARK not in pdf:
        return None
    if not _turn.acquire(timeout=WAIT_SECONDS):
        return unread("busy")
    try:
        return signatures.verify(io.BytesIO(pdf))
    finally:
        _turn.release()
