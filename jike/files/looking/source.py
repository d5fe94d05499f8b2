"""A recording as it comes in, from its beginning to its end, never whole in memory."""

from __future__ import annotations

from typing import BinaryIO

_BLOCK = 1024 * 1024


class Source:
    """`at` is how many bytes were taken so far."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._ahead, self.at = stream, b"", 0

    def peek(self, size: int) -> bytes:
        while len(self._ahead) < size:
            more = self._stream.read(max(_BLOCK, size))
            if not more:
                break
            self._ahead += more
        return self._ahead[:size]

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end."""
        found = self.peek(size)
        self._ahead = self._ahead[len(found) :]
        self.at += len(found)
        return found

    def skip(self, size: int) -> bool:
        """False when the end came before."""
        left = size - len(self._ahead)
        if left <= 0:
            self._ahead = self._ahead[size:]
            self.at += size
            return True
        self.at += len(self._ahead)
        self._ahead = b""
        while left:
            got = len(self._stream.read(min(left, _BLOCK)))
            if not got:
                return False
            self.at += got
            left -= got
        return True

    def find(self, mark: bytes, *, within: int) -> bool:
        """Go to where `mark` begins, if it does before `within` bytes."""
        while within > 0:
            window = self.peek(min(within, _BLOCK))
            place = window.find(mark)
            if place >= 0:
                return self.skip(place)
            step = len(window) - len(mark) + 1
            if step <= 0:
                return False
            self.skip(step)
            within -= step
        return False

    @property
    def is_at_end(self) -> bool:
        return not self.peek(1)
