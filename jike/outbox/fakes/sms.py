"""A provider of text messages on loopback. `python -m jike.outbox.fakes.sms --port 8025 --record calls.jsonl` runs it alone.

It verifies the signature and its age, remembers keys (the same key again is answered with the same id and not sent again)
and follows a script of faults, one word per coming call: `500`, `503`, `429`, `422`, `slow` (answers after `slow_seconds`),
`reset` (accepts, then cuts the connection), `silent` (accepts, never answers), `garbage` (accepts, answers nonsense), `ok`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from jike.outbox.signing import DEDUPE_HEADER, KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, is_authentic

KEY_ID, SECRET = "jike", "loopback-only"
LARGEST_CALL = 64 * 1024
FAULTS = frozenset({"ok", "500", "503", "429", "422", "slow", "reset", "silent", "garbage"})


class FakeSms:
    """The provider, in threads of this process. `calls` counts arrivals per key, `sent` holds what a phone would have shown.

    `dedupe=False` makes it a provider that ignores keys. `record` is a file that gets one JSON line per arrival.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        secret: str = SECRET,
        record: Path | None = None,
        dedupe: bool = True,
        slow_seconds: float = 1.0,
    ) -> None:
        self.calls: Counter[str] = Counter()
        self.sent: list[dict[str, str]] = []
        self.slow_seconds = slow_seconds
        self.open = threading.Event()
        self._ids: dict[str, str] = {}
        self._faults: deque[str] = deque()
        self._secret, self._record, self._dedupe = secret, record, dedupe
        self._lock = threading.Lock()
        provider = self

        class Handler(_Handler):
            fake = provider

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False

    @property
    def url(self) -> str:
        """The value of SMS_URL that reaches this provider."""
        return f"http://{KEY_ID}:{self._secret}@127.0.0.1:{self._server.server_address[1]}/sms"

    def fail(self, faults: Iterable[str]) -> None:
        """The script for the coming calls; after its end calls succeed."""
        script = list(faults)
        if unknown := set(script) - FAULTS:
            raise ValueError(f"Unknown faults: {', '.join(sorted(unknown))}.")
        with self._lock:
            self._faults.extend(script)

    def next_fault(self) -> str:
        with self._lock:
            return self._faults.popleft() if self._faults else "ok"

    def accept(self, key: str, to: str, text: str) -> str:
        """Take a message; returns the provider's id for it."""
        with self._lock:
            if not self._dedupe or key not in self._ids:
                self.sent.append({"key": key, "to": to, "text": text})
            return self._ids.setdefault(key, "sms-" + hashlib.sha256(key.encode()).hexdigest()[:16])

    def arrived(self, key: str, fault: str) -> None:
        with self._lock:
            self.calls[key] += 1
            if self._record:
                with self._record.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": key, "fault": fault, "at": time.time()}) + "\n")

    def serve_forever(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def __enter__(self) -> FakeSms:
        threading.Thread(target=self.serve_forever, name="fake-sms", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeSms
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_CALL:
            self._answer(413, {"code": "call.too_large"})
            return
        body = self.rfile.read(length)
        if not self._is_ours(body):
            self._answer(401, {"code": "signature.invalid"})
            return
        try:
            call = json.loads(body)
            key, to, text = str(call["key"]), str(call["to"]), str(call["text"])
        except (ValueError, KeyError, TypeError):
            self._answer(400, {"code": "call.malformed"})
            return
        if key != self.headers.get(DEDUPE_HEADER):
            self._answer(400, {"code": "key.mismatch"})
            return
        self._follow(self.fake.next_fault(), key, to, text)

    def _is_ours(self, body: bytes) -> bool:
        return self.headers.get(KEY_HEADER) == KEY_ID and is_authentic(
            self.fake._secret,
            timestamp=self.headers.get(TIMESTAMP_HEADER, ""),
            body=body,
            signature=self.headers.get(SIGNATURE_HEADER, ""),
            now=time.time(),
        )

    def _follow(self, fault: str, key: str, to: str, text: str) -> None:
        self.fake.arrived(key, fault)
        if fault.isdigit():
            self._answer(int(fault), {"code": "fault.scripted"}, {"Retry-After": "2"} if fault == "429" else {})
            return
        accepted = self.fake.accept(key, to, text)
        if fault == "silent":
            self.fake.open.wait(60)
            self.close_connection = True
        elif fault == "reset":
            # No lingering: closing sends a reset instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif fault == "garbage":
            self._send(200, b"<html>busy</html>", {})
        else:
            if fault == "slow":
                self.fake.open.wait(self.fake.slow_seconds)
            self._answer(202, {"id": accepted})

    def _answer(self, status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(content).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the line would hold what came in."""


def main() -> None:
    parser = argparse.ArgumentParser(description="A provider of text messages on loopback.")
    parser.add_argument("--port", type=int, default=8025)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--faults", default="", help="comma-separated, one per call")
    parser.add_argument("--no-dedupe", action="store_true")
    options = parser.parse_args()
    fake = FakeSms(port=options.port, record=options.record, dedupe=not options.no_dedupe)
    fake.fail(word for word in options.faults.split(",") if word)
    sys.stdout.write(f"SMS_URL={fake.url}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        fake.serve_forever()


if __name__ == "__main__":
    main()
