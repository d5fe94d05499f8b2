"""Sending one shipment: sign, connect to the judged address, follow nothing, keep the answer's code."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F

from jike.api import webhooks
from jike.api.addresses import resolve
from jike.api.models import Shipment
from jike.base.dates import now
from jike.outbox import jobs
from jike.privacy import open_sealed

TIMEOUT_SECONDS = 8
LARGEST_ANSWER = 16 * 1024


class _Pinned(http.client.HTTPSConnection):
    """TLS for the name, TCP to the address that was judged: a name that changes its mind meanwhile changes nothing."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


@jobs.handler(webhooks.TOPIC, queue="notify", max_attempts=16, lease_seconds=60)
def ship(job: jobs.ClaimedJob) -> None:
    """Hand the event to its subscriber; 2xx is delivered, 410 and an ended subscription give up, all else is tried again."""
    row = Shipment.objects.select_related("subscription").get(pk=job.body["shipment"])
    if row.subscription.ended_at is not None or row.round != job.body["round"]:
        return
    status, error = 0, ""
    try:
        status = _call(row)
    except PermissionError:
        error = "webhook.private_address"
    except TimeoutError:
        error = "webhook.timeout"
    except (OSError, http.client.HTTPException):
        error = "webhook.unreachable"
    is_done = 200 <= status < 300
    error = error or ("" if is_done else f"webhook.answered_{status}")
    moment = now()
    Shipment.objects.filter(pk=row.pk).update(
        status=status, error=error, tries=F("tries") + 1, last_try_at=moment, delivered_at=moment if is_done else None
    )
    if status == 410 or error == "webhook.private_address":
        raise jobs.GiveUp(error)
    if not is_done:
        raise jobs.Failed(error)


def _call(row: Shipment) -> int:
    """POST the body, signed; answers the status. Redirects are answers like any other: nothing is followed."""
    url = urlsplit(row.subscription.url)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    address = resolve(host, port)
    connection: Any = (
        _Pinned(host, port, address)
        if url.scheme == "https"
        else http.client.HTTPConnection(address, port, timeout=TIMEOUT_SECONDS)
    )
    body = json.dumps({"type": row.type, "timestamp": row.body["at"], "data": row.body}).encode()
    message_id, timestamp = f"msg_{row.event.hex}", int(time.time())
    secret = open_sealed(row.subscription, "secret")
    headers = {
        "Host": url.netloc,
        "Content-Type": "application/json",
        "User-Agent": "Jike-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": webhooks.sign(secret, message_id, timestamp, body),
    }
    try:
        connection.request(
            "POST", (url.path or "/") + (f"?{url.query}" if url.query else ""), body=body, headers=headers
        )
        response = connection.getresponse()
        response.read(LARGEST_ANSWER)
        return int(response.status)
    finally:
        connection.close()
