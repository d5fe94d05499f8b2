"""A core lending system on loopback, for demonstrations and tests, with a book of its own.

It verifies signatures, remembers keys, and follows a script of faults, one word per coming order:

    ok       takes it and answers
    reset    takes it, then cuts the connection       lost      cuts it before taking anything
    500      fails without taking it                  422       refuses it for good
    garbage  takes it and answers nonsense            slow      takes it and answers too late
    early    calls back before it answers             repeat    calls back a hundred times
    forged   somebody else calls with a bad signature lie       calls back with another amount
    turned   calls back the end, then its opposite    never     takes it and never ends it
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from jike.outbox.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_authentic
from lending.orders import fake_calls
from lending.orders.fake_page import CONTROL, ENDS, NEXT, page_of

SECRET = "loopback-only"  # noqa: S105 - of a fake
LARGEST_CALL = 64 * 1024


def url_at(port: int) -> str:
    return f"http://jike:{SECRET}@127.0.0.1:{port}/core"


class FakeLending:
    """`book` holds every order taken, by its number; `arrivals` counts calls per key. `ends_as` is how orders end when asked after.

    `dedupe=False` makes it a system that ignores keys, so that a second sending shows as a second order. `callback` is where it calls
    back; without it the faults that call say nothing. `clock` says when orders end. `kept` is a file in which the book outlives the process.
    """

    def __init__(
        self,
        *,
        ends_as: str = "confirmed",
        dedupe: bool = True,
        port: int = 0,
        callback: str = "",
        kept: Path | None = None,
        slow_seconds: float = 10,
    ) -> None:
        self.book: dict[str, dict[str, Any]] = {}
        self.ended: dict[str, tuple[str, datetime]] = {}
        self.never: set[str] = set()
        self.arrivals: Counter[str] = Counter()
        self.ends_as, self._dedupe = ends_as, dedupe
        self.callback, self._kept, self.slow_seconds = callback, kept, slow_seconds
        self.clock: Callable[[], datetime] = current_instant
        self._numbers: dict[str, str] = {}
        self._faults: deque[str] = deque()
        self._lock = threading.Lock()
        self._read = 0
        self.recall()
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
            if number not in self.book:
                self.book[number] = content
                self._numbers.setdefault(content["key"], number)
                self._write({"order": number, "content": content})
            return number

    def status_of(self, number: str) -> str:
        """How an order stands, by which it ends the first time somebody asks."""
        with self._lock:
            if number in self.ended:
                return self.ended[number][0]
            return "accepted" if number in self.never else self.ends_as

    def end(self, number: str, status: str) -> None:
        """Put the end of an order into the book, once."""
        with self._lock:
            if number in self.ended or status == "accepted":
                return
            self.ended[number] = (status, self.clock())
            self._write({"order": number, "status": status, "at": self.ended[number][1].isoformat()})

    def of_key(self, key: str) -> str:
        return self._numbers.get(key, "")

    def keys(self) -> Iterable[str]:
        return [content["key"] for content in self.book.values()]

    def statement(self, day: str) -> list[dict[str, Any]]:
        """The orders that ended on this Shanghai day."""
        with self._lock:
            ended = sorted(self.ended.items(), key=lambda pair: pair[1][1])
        return [
            {
                "order": number,
                "key": self.book[number]["key"],
                "kind": self.book[number]["kind"],
                "amount": self.book[number].get("amount"),
                "status": status,
                "at": at.isoformat(),
            }
            for number, (status, at) in ended
            if cst_date(at).isoformat() == day
        ]

    def _write(self, line: dict[str, Any]) -> None:
        if self._kept:
            with self._kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def recall(self) -> None:
        """Read on in the file: the story of a demonstration is told by another process."""
        if self._kept is None or not self._kept.exists():
            return
        with self._lock, self._kept.open(encoding="utf-8") as file:
            file.seek(self._read)
            for line in map(json.loads, file.readlines()):
                if "content" in line:
                    self.book.setdefault(line["order"], line["content"])
                    self._numbers.setdefault(line["content"]["key"], line["order"])
                else:
                    self.ended.setdefault(line["order"], (line["status"], datetime.fromisoformat(line["at"])))
            self._read = file.tell()

    def __enter__(self) -> FakeLending:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake-lending", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


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
        self.fake.recall()
        content, fault = json.loads(body), self.fake.next_fault()
        self.fake.arrivals[content["key"]] += 1
        if fault.isdigit():
            self._answer(int(fault), {"code": "fault.scripted"})
        elif fault == "lost":
            self._cut()
        else:
            self._take(content, fault)

    def _take(self, content: dict[str, Any], fault: str) -> None:
        number = self.fake.take(content)
        if fault == "never":
            self.fake.never.add(number)
        if fault == "early":
            fake_calls.tell(self.fake, number, fault)
        if fault == "slow":
            time.sleep(self.fake.slow_seconds)
        if fault == "reset":
            self._cut()
        else:
            self._answer(202, {} if fault == "garbage" else {"order": number})
        if fault in fake_calls.LATER:
            fake_calls.tell_later(self.fake, number, fault)

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
            self.fake.recall()
            self._answer_page(page_of(self.fake))
        elif self._is_ours(self.path.encode()):
            self.fake.recall()
            parts = urlsplit(self.path)
            if parts.path.endswith("/statement"):
                day = parse_qs(parts.query).get("day", [""])[0]
                self._answer(200, {"day": day, "orders": self.fake.statement(day)})
                return
            number = self.fake.of_key(unquote(parts.path.rpartition("/")[2]))
            status = self.fake.status_of(number)
            if number:
                self.fake.end(number, status)
            self._answer(200 if number else 404, {"order": number, "status": status})

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
