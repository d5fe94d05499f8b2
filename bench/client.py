"""A visitor on loopback: sends requests, keeps cookies, times answers. One connection per request, as the servers close it."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 1800
CSRF = "b" * 32


@dataclass(frozen=True)
class Request:
    """One request. `data` makes it a POST; `expect` are the statuses that count as success."""

    path: str
    data: Mapping[str, str | Sequence[str]] | None = None
    expect: tuple[int, ...] = (200,)
    counted: bool = False


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def statements(self) -> int | None:
        found = self.headers.get("x-bench-sql")
        return int(found) if found else None


class Failed(Exception):
    """An answer that was not expected: the number it would have given means nothing."""


@dataclass
class Browser:
    """A visitor of one server. The CSRF cookie is known beforehand: a 32-character secret is valid as cookie and as field."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    csrf_cookie: str = "csrftoken"

    def send(self, request: Request) -> Answer:
        cookies = {self.csrf_cookie: CSRF} | self.cookies
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()), "Host": f"{self.host}:{self.port}"}
        body = None
        if request.data is not None:
            body = urlencode({"csrfmiddlewaretoken": CSRF, **request.data}, doseq=True)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        if request.counted:
            headers["X-Bench-Count"] = "1"
        started = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        try:
            connection.request("GET" if body is None else "POST", request.path, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        seconds = time.perf_counter() - started
        if response.status not in request.expect:
            raise Failed(f"{request.path}: {response.status} {content[:300]!r}")
        self._keep(response.headers.get_all("Set-Cookie") or [])
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, content, seconds)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if name != self.csrf_cookie:
                    self.cookies[name] = morsel.value
