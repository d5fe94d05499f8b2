"""The way to the core lending system: `POST /orders` once, `GET /orders/{key}` to ask what became of one, `GET /statement?day=` for
its own book of a day.

`LENDING_URL` is `https://<key id>:<secret>@host/path`. A call is signed like those to the text message provider; where there is no
body, the path is what is signed.
"""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Blocker
from jike.base.money import from_cents
from jike.outbox.errors import Failed, Postpone
from jike.outbox.signing import DEDUPE_HEADER, KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from lending.orders.models import Order

TIMEOUT_SECONDS = 8
LARGEST_ANSWER = 64 * 1024
LARGEST_STATEMENT = 64 * 1024 * 1024
UNCONFIGURED_PAUSE = 300
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
STATUSES = ("accepted", "confirmed", "failed")


@dataclass(frozen=True, slots=True)
class Answer:
    """The core system's number of an order, and how it stands: accepted, confirmed or failed."""

    external_id: str
    status: str


class Gateway:
    """One connection per call. Whatever is not a plain answer raises Failed, and then nobody knows whether the order was taken."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def check_config(self) -> list[Blocker]:
        if not self._url.hostname:
            message = _("Nothing can be ordered from the core lending system: set LENDING_URL to its address.")
            return [Blocker("lending.not_configured", message)]
        found = []
        if self._url.scheme != "https" and self._url.hostname not in LOOPBACK:
            message = _("LENDING_URL must begin with https:// unless the system runs on this machine.")
            found.append(Blocker("lending.not_https", message))
        if not self._url.username or not self._url.password:
            message = _("LENDING_URL must hold the key id and the secret: https://key:secret@host/path.")
            found.append(Blocker("lending.no_secret", message))
        return found

    def send(self, order: Order) -> Answer:
        """Send the order. A refusal for good (400, 404, 409, 422) is an answer: failed."""
        content: dict[str, Any] = {"key": order.key, "kind": order.kind, "loan": order.loan.number}
        if order.amount_cents is not None:
            content["amount"] = str(from_cents(order.amount_cents))
        if order.to:
            content["to"] = order.to
        status, body = self._call("POST", "/orders", json.dumps(content).encode(), key=order.key)
        if status in {400, 404, 409, 422}:
            return Answer("", "failed")
        if status != 202:
            raise Failed("lending.failed")
        return _answer(body, status="accepted")

    def ask(self, order: Order) -> Answer | None:
        """How the order stands there, or None when it never arrived."""
        status, body = self._call("GET", f"/orders/{quote(order.key, safe='')}", b"", key=order.key)
        if status == 404:
            return None
        if status != 200:
            raise Failed("lending.failed")
        return _answer(body)

    def statement(self, day: date) -> list[dict[str, Any]]:
        """The core system's own book of a Shanghai day: the orders that ended then, `{order, key, kind, amount, status, at}`."""
        status, body = self._call(
            "GET", f"/statement?day={day.isoformat()}", b"", key=f"statement:{day}", most=LARGEST_STATEMENT
        )
        if status != 200:
            raise Failed("lending.failed")
        try:
            rows = json.loads(body)["orders"]
            return [row for row in rows if row["status"] in STATUSES and row["key"] and row["order"]]
        except (ValueError, KeyError, TypeError):
            raise Failed("lending.bad_answer") from None

    def _call(self, method: str, path: str, body: bytes, *, key: str, most: int = LARGEST_ANSWER) -> tuple[int, bytes]:
        if blockers := self.check_config():
            raise Postpone(UNCONFIGURED_PAUSE, blockers[0].code)
        path = self._url.path.rstrip("/") + path
        timestamp = int(time.time())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            DEDUPE_HEADER: key,
            KEY_HEADER: unquote(self._url.username or ""),
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(unquote(self._url.password or ""), timestamp, body or path.encode()),
        }
        make = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        connection = make(self._url.hostname or "", self._url.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            response = connection.getresponse()
            return response.status, response.read(most)
        except (OSError, http.client.HTTPException) as error:
            code = "lending.timeout" if isinstance(error, TimeoutError) else "lending.unreachable"
            raise Failed(code) from None
        finally:
            connection.close()


def gateway() -> Gateway:
    return Gateway(settings.LENDING_URL)


def _answer(body: bytes, *, status: str = "") -> Answer:
    try:
        content = json.loads(body)
        found = Answer(str(content["order"])[:80], status or content["status"])
    except (ValueError, KeyError, TypeError):
        raise Failed("lending.bad_answer") from None
    if found.status not in STATUSES:
        raise Failed("lending.bad_answer")
    return found
