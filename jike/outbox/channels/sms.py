"""Text messages through a provider's signed HTTP interface: POST of JSON, deduplicated by key."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from jike.base.dates import now
from jike.base.errors import Blocker
from jike.outbox.channels.base import Attachment, Receipt, provider_id_of
from jike.outbox.channels.breaker import Breaker
from jike.outbox.errors import ChannelRefused, ChannelUnavailable, Postpone
from jike.outbox.signing import DEDUPE_HEADER, KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

TIMEOUT_SECONDS = 8
LARGEST_ANSWER = 64 * 1024
UNCONFIGURED_PAUSE = 300
LONGEST_REST = 600
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

_breaker = Breaker("sms")


class SmsChannel:
    """The provider at `SMS_URL`, `https://<key id>:<secret>@host/path`. Plain HTTP is for loopback alone."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def check_config(self) -> list[Blocker]:
        if not self._url.hostname:
            return [
                Blocker("sms.not_configured", _("No text message can be sent: set SMS_URL to the provider's address."))
            ]
        found = []
        if self._url.scheme != "https" and self._url.hostname not in LOOPBACK:
            found.append(
                Blocker(
                    "sms.not_https", _("SMS_URL must begin with https:// unless the provider runs on this machine.")
                )
            )
        if not self._url.username or not self._url.password:
            found.append(
                Blocker(
                    "sms.no_secret", _("SMS_URL must hold the key id and the secret: https://key:secret@host/path.")
                )
            )
        return found

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Sequence[Attachment] = ()) -> Receipt:
        if blockers := self.check_config():
            raise Postpone(UNCONFIGURED_PAUSE, blockers[0].code)
        _breaker.ask()
        body = json.dumps({"key": key, "to": to, "text": text}, ensure_ascii=False).encode()
        try:
            status, retry_after, answer = self._call(body, key)
        except (OSError, http.client.HTTPException) as error:
            _breaker.failed()
            raise ChannelUnavailable("sms.timeout" if isinstance(error, TimeoutError) else "sms.unreachable") from None
        if status >= 500:
            _breaker.failed()
        else:
            _breaker.succeeded()
        return _receipt(status, retry_after, answer)

    def _call(self, body: bytes, key: str) -> tuple[int, str, bytes]:
        connection = _connect(self._url)
        timestamp = int(time.time())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            DEDUPE_HEADER: key,
            KEY_HEADER: unquote(self._url.username or ""),
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(unquote(self._url.password or ""), timestamp, body),
        }
        try:
            connection.request("POST", self._url.path or "/", body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.getheader("Retry-After", ""), response.read(LARGEST_ANSWER)
        finally:
            connection.close()


def _connect(url: SplitResult) -> http.client.HTTPConnection:
    make = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return make(url.hostname or "", url.port, timeout=TIMEOUT_SECONDS)


def _receipt(status: int, retry_after: str, answer: bytes) -> Receipt:
    """The provider's answer as proof or as failure. An answer that cannot be read proves nothing: the key makes asking again safe."""
    if status in {200, 201, 202}:
        try:
            return Receipt("sms", provider_id_of(json.loads(answer)["id"]), now())
        except (ValueError, KeyError, TypeError):
            raise ChannelUnavailable("sms.bad_answer") from None
    if status == 429:
        rest = min(int(retry_after), LONGEST_REST) if retry_after.isascii() and retry_after.isdigit() else 30
        raise Postpone(rest, "sms.busy")
    if status in {400, 404, 410, 413, 422}:
        raise ChannelRefused("sms.refused")
    if status in {401, 403}:
        raise ChannelUnavailable("sms.unauthorised")
    raise ChannelUnavailable("sms.failed")
