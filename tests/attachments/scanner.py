"""A stand-in for ClamAV's daemon on loopback: it speaks INSTREAM and finds what holds the EICAR mark."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MARK = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        found = b"stream: Eicar-Signature FOUND\0" if MARK in content else b"stream: OK\0"
        self.wfile.write(self.server.answer or found)  # type: ignore[attr-defined]


@contextmanager
def scanner(answer: bytes = b"") -> Iterator[str]:
    """Gives its address. With `answer` it always says the same."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.answer = answer  # type: ignore[attr-defined]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
