"""Asking the time-stamping authority at `TSA_URL`: the one way in which this product does."""

from __future__ import annotations

import http.client
from base64 import b64encode
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 20
LARGEST_ANSWER = 256 * 1024


class NoAuthority(Exception):
    """`TSA_URL` is no address of an authority. The text is a code."""


class AuthorityAway(Exception):
    """The authority did not answer, or answered that it cannot. Asking later may help. The text is a code."""


def ask(asked: bytes) -> bytes:
    """The authority's answer to a request. Plain HTTP is allowed: the answer is signed, and the request holds one hash."""
    url = urlsplit(settings.TSA_URL)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise NoAuthority("stamp.not_configured")
    make = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = make(url.hostname, url.port, timeout=TIMEOUT_SECONDS)
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply", **_account(url)}
    try:
        connection.request("POST", f"{url.path or '/'}{'?' if url.query else ''}{url.query}", asked, headers)
        response = connection.getresponse()
        answer = response.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        raise AuthorityAway("stamp.unreachable") from None
    finally:
        connection.close()
    if response.status != 200:
        raise AuthorityAway("stamp.failed")
    return answer


def _account(url: SplitResult) -> dict[str, str]:
    if not url.username:
        return {}
    account = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return {"Authorization": f"Basic {b64encode(account.encode()).decode()}"}
