"""Signatures of calls to and from providers: HMAC-SHA256 over `timestamp.body`, valid for five minutes."""

from __future__ import annotations

import hashlib
import hmac

TOLERANCE_SECONDS = 300

KEY_HEADER = "X-Jike-Key"  # the id of the secret
TIMESTAMP_HEADER = "X-Jike-Timestamp"  # whole seconds since 1970
SIGNATURE_HEADER = "X-Jike-Signature"  # v1=<hex>
DEDUPE_HEADER = "Idempotency-Key"


def sign(secret: str, timestamp: int, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def is_authentic(secret: str, *, timestamp: str, body: bytes, signature: str, now: float) -> bool:
    """Whether `signature` was made with `secret` over exactly this body, no more than five minutes from `now`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(int(timestamp) - now) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(sign(secret, int(timestamp), body).encode(), signature.encode("utf-8", "replace"))
