"""The optional virus scanner: ClamAV's daemon over the network, named by `CLAMAV_URL` (`tcp://host:3310`). Files stream to it; nothing is
written on a disk here."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SECONDS = 60
_PIECE = 64 * 1024
_MOST_ANSWER = 4_096


class ScannerAway(Exception):
    """The scanner did not answer, or not in its own words. The file waits."""


def is_wanted() -> bool:
    return bool(settings.CLAMAV_URL)


def finds(chunks: Iterable[bytes]) -> str:
    """The name of what the scanner found; empty when it says that the content is clean. Raises `ScannerAway`.

    A content that is longer than the scanner takes was not scanned, and is told as `unscanned`.
    """
    host, port = _address()
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as wire:
            answer = _asked(wire, chunks)
    except OSError:
        raise ScannerAway from None
    verdict = answer.rstrip(b"\0\r\n ")
    if verdict.endswith(b"OK"):
        return ""
    if verdict.endswith(b"FOUND"):
        return verdict.removesuffix(b"FOUND").rpartition(b":")[2].strip().decode("ascii", "replace")[:100] or "unnamed"
    if b"size limit exceeded" in verdict:
        return "unscanned"
    raise ScannerAway


def _asked(wire: socket.socket, chunks: Iterable[bytes]) -> bytes:
    """A scanner that has seen enough answers and stops reading: what it said counts."""
    try:
        wire.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            for start in range(0, len(chunk), _PIECE):
                piece = chunk[start : start + _PIECE]
                wire.sendall(struct.pack("!I", len(piece)) + piece)
        wire.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _MOST_ANSWER and (more := wire.recv(_MOST_ANSWER)):
        answer += more
    return answer


def _address() -> tuple[str, int]:
    url = urlsplit(settings.CLAMAV_URL)
    if url.scheme != "tcp" or not url.hostname:
        raise ImproperlyConfigured("CLAMAV_URL must be tcp://host:port")
    return url.hostname, url.port or 3310
