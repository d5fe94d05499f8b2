"""One track as it is counted while its pieces go by."""

from __future__ import annotations

from typing import Any

HOLE_MS = 500
MOST_HOLES = 200
MOST_SECONDS = 4 * 3600
PICTURE, SOUND = "video", "audio"


class Track:
    """`kind` is video, audio or empty for anything else. Moments are milliseconds from the beginning of the file."""

    def __init__(self, kind: str = "", codec: str = "") -> None:
        self.kind, self.codec = kind, codec
        self.pieces, self.first, self.last = 0, 0, 0
        self.holes: list[tuple[int, int]] = []
        self._bytes: dict[int, int] = {}

    def add(self, at: int, size: int, *, lasts: int = 0) -> None:
        """A piece of `size` bytes that begins at `at` and, where the container says so, lasts so long."""
        if at < 0 or at > MOST_SECONDS * 1000:
            return
        if self.pieces == 0:
            self.first = at
        elif at - self.last > HOLE_MS and len(self.holes) < MOST_HOLES:
            self.holes.append((self.last, at))
        self.pieces += 1
        self.last = max(self.last, at + lasts)
        if self.kind == SOUND:
            self._bytes[at // 1000] = self._bytes.get(at // 1000, 0) + size

    def told(self) -> dict[str, Any]:
        seconds = self.last // 1000 + 1 if self._bytes else 0
        return {
            "kind": self.kind,
            "codec": self.codec,
            "pieces": self.pieces,
            "first_ms": self.first,
            "last_ms": self.last,
            "holes": [list(hole) for hole in self.holes],
            "bytes": [self._bytes.get(second, 0) for second in range(seconds)],
        }
