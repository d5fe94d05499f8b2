"""A core lending system on loopback, for demonstrations and tests, with a book of its own.

It verifies signatures, remembers keys, and follows a script of faults, one word per coming order: `ok`, `reset` (takes the order,
then cuts the connection), `lost` (cuts it before taking anything), `500`, `422`, `garbage` (takes it, answers nonsense).
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote

from jike.outbox.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_authentic

CONTROL = "/control/"
ENDS = {"confirmed": "逐笔确认", "accepted": "一直没有结果", "failed": "拒绝"}
NEXT = {"422": "下一笔拒绝", "reset": "下一笔收下但不回应", "lost": "下一笔断线", "500": "下一笔出错"}
SECRET = "loopback-only"  # noqa: S105 - of a fake
LARGEST_CALL = 64 * 1024


def url_at(port: int) -> str:
    return f"http://jike:{SECRET}@127.0.0.1:{port}/core"


class FakeLending:
    """`book` holds every order taken, by its number; `arrivals` counts calls per key. `ends_as` is how orders end when asked after.

    `dedupe=False` makes it a system that ignores keys, so that a second sending shows as a second order.
    """

    def __init__(self, *, ends_as: str = "confirmed", dedupe: bool = True, port: int = 0) -> None:
        self.book: dict[str, dict[str, Any]] = {}
        self.arrivals: Counter[str] = Counter()
        self.ends_as, self._dedupe = ends_as, dedupe
        self._faults: deque[str] = deque()
        self._lock = threading.Lock()
        system = self

        class Handler(_Handler):
            fake = system

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False

    @property
    def url(self) -> str:
        """The value of LENDING_URL that reaches it."""
        return url_at(int(self._server.server_address[1]))

    def fail(self, *faults: str) -> None:
        self._faults.extend(faults)

    def next_fault(self) -> str:
        with self._lock:
            return self._faults.popleft() if self._faults else "ok"

    def take(self, content: dict[str, Any]) -> str:
        with self._lock:
            known = self.of_key(content["key"])
            number = known if known and self._dedupe else f"core-{len(self.book) + 1}"
            self.book.setdefault(number, content)
            return number

    def of_key(self, key: str) -> str:
        return next((number for number, content in self.book.items() if content["key"] == key), "")

    def keys(self) -> Iterable[str]:
        return [content["key"] for content in self.book.values()]

    def __enter__(self) -> FakeLending:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake-lending", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def page_of(fake: FakeLending) -> str:
    """The page on which a demonstration makes the pretended system refuse, stay silent or lose a line."""
    buttons = "".join(f'<button name="ends" value="{value}">{label}</button> ' for value, label in ENDS.items())
    faults = "".join(f'<button name="next" value="{value}">{label}</button> ' for value, label in NEXT.items())
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(one['kind'])}</td><td>{escape(one.get('amount') or '')}</td><td>{escape(one['key'])}</td></tr>"
        for number, one in reversed(list(fake.book.items()))
    )
    return f"""<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示用核心贷款系统</title><h1>演示用核心贷款系统</h1><p>只在本机，不动真钱。被问到时，订单现在：<strong>{ENDS[fake.ends_as]}</strong></p>
<form method="post">{buttons}</form><p>只影响一笔：</p><form method="post">{faults}</form>
<h2>收到的订单（{len(fake.book)}）</h2><table border="1"><tr><th>编号</th><th>种类</th><th>金额</th><th>键</th></tr>{rows}</table></html>"""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeLending
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_POST(self) -> None:
        if self.path.startswith(CONTROL):
            self._control()
            return
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_CALL))
        if not self._is_ours(body):
            return
        content, fault = json.loads(body), self.fake.next_fault()
        self.fake.arrivals[content["key"]] += 1
        if fault.isdigit():
            self._answer(int(fault), {"code": "fault.scripted"})
        elif fault == "lost":
            self._cut()
        else:
            number = self.fake.take(content)
            if fault == "reset":
                self._cut()
            else:
                self._answer(202, {} if fault == "garbage" else {"order": number})

    def _control(self) -> None:
        """What the page of the demonstration sets: how orders end when they are asked after, and what the next order meets."""
        length = min(int(self.headers.get("Content-Length") or 0), 200)
        said = dict(parse_qsl(self.rfile.read(length).decode("ascii", "replace")))
        if self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
            if said.get("ends") in ENDS:
                self.fake.ends_as = said["ends"]
            if said.get("next") in NEXT:
                self.fake.fail(said["next"])
        self.send_response(303)
        self.send_header("Location", CONTROL)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        if self.path == CONTROL:
            self._answer_page(page_of(self.fake))
        elif self._is_ours(self.path.encode()):
            number = self.fake.of_key(unquote(self.path.rpartition("/")[2]))
            self._answer(200 if number else 404, {"order": number, "status": self.fake.ends_as})

    def _is_ours(self, signed: bytes) -> bool:
        timestamp, signature = (self.headers.get(name, "") for name in (TIMESTAMP_HEADER, SIGNATURE_HEADER))
        if is_authentic(SECRET, timestamp=timestamp, body=signed, signature=signature, now=time.time()):
            return True
        self._answer(401, {"code": "signature.invalid"})
        return False

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _answer_page(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the line would hold what came in."""
