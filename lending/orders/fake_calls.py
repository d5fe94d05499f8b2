"""What the pretended core system says by itself: signed calls to the product, true, repeated, forged or wrong."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from jike.base.dates import now as current_instant
from jike.outbox.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

if TYPE_CHECKING:
    from lending.orders.fake import FakeLending

LATER = ("repeat", "forged", "lie", "turned")
TIMES = 100
OPPOSITE = {"confirmed": "failed", "failed": "confirmed"}


def tell_later(fake: FakeLending, number: str, fault: str) -> None:
    """Call from a thread of its own, after the answer to the order has left."""
    threading.Thread(target=tell, args=(fake, number, fault), daemon=True).start()


def tell(fake: FakeLending, number: str, fault: str) -> None:
    """Say of the order what this fault says of it. Who does not listen is not called again: it asks by itself."""
    if not fake.callback:
        return
    for content, secret in _said(fake, number, fault):
        with suppress(OSError, http.client.HTTPException):
            _call(fake.callback, content, secret)


def _said(fake: FakeLending, number: str, fault: str) -> Iterator[tuple[dict[str, Any], str]]:
    secret = unquote(urlsplit(fake.url).password or "")
    status, amount = fake.status_of(number), fake.book[number].get("amount")
    known = {"order": number, "status": status, **({"amount": amount} if amount else {})}
    if status == "accepted":
        return
    if fault == "forged":
        yield known | {"event": f"{number}-forged", "status": OPPOSITE[status]}, "somebody else"
        return
    if fault == "lie":
        yield known | {"event": f"{number}-lie", "amount": "9.99"}, secret
        return
    fake.end(number, status)
    for _time in range(TIMES if fault == "repeat" else 1):
        yield known | {"event": f"{number}-{status}"}, secret
    if fault == "turned":
        yield known | {"event": f"{number}-turned", "status": OPPOSITE[status]}, secret


def _call(address: str, content: dict[str, Any], secret: str) -> int:
    """One signed call; the status of the answer."""
    url, moment = urlsplit(address), int(time.time())
    raw = json.dumps({**content, "at": current_instant().isoformat()}).encode()
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP_HEADER: str(moment),
        SIGNATURE_HEADER: sign(secret, moment, raw),
    }
    link = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
    try:
        link.request("POST", url.path, body=raw, headers=headers)
        return link.getresponse().status
    finally:
        link.close()
