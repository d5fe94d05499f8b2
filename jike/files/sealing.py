"""How a file looks at rest: pieces, each encrypted and bound to its file, its scope, its place and whether it is the last.

    JKF2 | file id 16 | nonce 12 | sealed head (sha256 32, size 8, piece size 4, tag 16) | pieces
    piece = nonce 12 | up to 256 KiB encrypted | tag 16

The head ties the pieces to the content's hash, so that a part can be read and believed without reading the whole. Files of the
first format (JKF1: one piece, bound to its hash) stay readable.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC, FIRST_MAGIC = b"JKF2", b"JKF1"
ID_BYTES, NONCE_BYTES, TAG_BYTES = 16, 12, 16
PIECE = 256 * 1024
_HEAD = struct.Struct(">32sQI")
HEAD_BYTES = len(MAGIC) + ID_BYTES + NONCE_BYTES + _HEAD.size + TAG_BYTES


class Broken(Exception):
    """The bytes are not those that were sealed."""


class Reader(Protocol):
    """What sealed bytes are read from."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Content:
    """What was sealed."""

    sha256: bytes
    sm3: bytes
    size: int


class Hashes:
    """SHA-256 and SM3 (the Chinese national hash, GB/T 32905) of the same bytes in one pass."""

    def __init__(self) -> None:
        self._sha256, self._sm3 = hashlib.sha256(), hashes.Hash(hashes.SM3())
        self.size = 0

    def update(self, part: bytes) -> None:
        self._sha256.update(part)
        self._sm3.update(part)
        self.size += len(part)

    def content(self) -> Content:
        return Content(self._sha256.digest(), self._sm3.copy().finalize(), self.size)


def seal_into(out: BinaryIO, scope: UUID, parts: Iterable[bytes], cipher: AESGCM) -> Content:
    """Encrypt `parts` into the seekable `out`, holding one piece in memory; the head is written last, over its empty place."""
    taken, file_id = Hashes(), secrets.token_bytes(ID_BYTES)
    out.write(bytes(HEAD_BYTES))
    for index, (piece, is_last) in enumerate(_pieces(parts, taken)):
        nonce = secrets.token_bytes(NONCE_BYTES)
        out.write(nonce + cipher.encrypt(nonce, piece, _binding(scope, file_id, index, is_last=is_last)))
    content, nonce = taken.content(), secrets.token_bytes(NONCE_BYTES)
    head = cipher.encrypt(nonce, _HEAD.pack(content.sha256, content.size, PIECE), _binding(scope, file_id))
    out.seek(0)
    out.write(MAGIC + file_id + nonce + head)
    out.seek(0, io.SEEK_END)
    return content


def _pieces(parts: Iterable[bytes], taken: Hashes) -> Iterator[tuple[bytes, bool]]:
    """The content in pieces of one size, each with whether it is the last."""
    rest = bytearray()
    for part in parts:
        taken.update(part)
        view = memoryview(part)
        for start in range(0, len(view), PIECE):
            rest += view[start : start + PIECE]
            while len(rest) > PIECE:
                yield bytes(rest[:PIECE]), False
                del rest[:PIECE]
    if rest:
        yield bytes(rest), True


def _binding(scope: UUID, file_id: bytes, index: int | None = None, *, is_last: bool = False) -> bytes:
    place = "head" if index is None else f"{index}|{'last' if is_last else 'more'}"
    return f"jike.file|2|{scope}|{file_id.hex()}|{place}".encode()


class SealedFile(io.RawIOBase):
    """The content of one sealed file as a seekable binary file; at most one piece of it is in memory.

    `open_at(offset)` gives the sealed bytes from there on. Raises `Broken` as soon as a byte is read that was not sealed there.
    """

    def __init__(
        self, open_at: Callable[[int], Reader], scope: UUID, *, sha256: bytes, size: int, cipher: AESGCM
    ) -> None:
        super().__init__()
        self._source: Reader | None = None
        self._open_at, self._scope, self._cipher, self.size = open_at, scope, cipher, size
        self._go_to(0)
        self._place, self._held, self._piece, self._step = 0, -1, b"", PIECE
        try:
            self._read_head(sha256)
        except BaseException:
            self.close()
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning of the file")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer, less only at the end of the file: libraries that read formats count on it."""
        view, done = memoryview(buffer), 0
        while done < len(view) and self._place < self.size:
            index, start = divmod(self._place, self._step)
            part = memoryview(self._piece_at(index))[start : start + len(view) - done]
            view[done : done + len(part)] = part
            done += len(part)
            self._place += len(part)
        return done

    def pieces(self) -> Iterator[bytes]:
        """The whole content, piece by piece."""
        for index in range(-(-self.size // self._step)):
            yield self._piece_at(index)
        if self._source is not None and self._source.read(1):
            raise Broken("too long")

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None
        super().close()

    def _read_head(self, sha256: bytes) -> None:
        magic = self._take(len(MAGIC))
        if magic == FIRST_MAGIC:
            self._read_first_format(sha256)
            return
        if magic != MAGIC:
            raise Broken("not a sealed file")
        self._file_id, nonce = self._take(ID_BYTES), self._take(NONCE_BYTES)
        head = self._opened(nonce, self._take(_HEAD.size + TAG_BYTES), _binding(self._scope, self._file_id))
        found, size, self._step = _HEAD.unpack(head)
        if found != sha256 or size != self.size:
            raise Broken("another content")

    def _read_first_format(self, sha256: bytes) -> None:
        binding = f"jike.file|1|{self._scope}|{sha256.hex()}".encode()
        sealed_bytes = self.size + TAG_BYTES
        self._piece = self._opened(self._take(NONCE_BYTES), self._take(sealed_bytes), binding)
        self._held, self._step = 0, max(self.size, 1)

    def _piece_at(self, index: int) -> bytes:
        if index != self._held:
            offset = HEAD_BYTES + index * (NONCE_BYTES + self._step + TAG_BYTES)
            if offset != self._source_at:
                self._go_to(offset)
            length = min(self._step, self.size - index * self._step)
            is_last = (index + 1) * self._step >= self.size
            nonce, sealed = self._take(NONCE_BYTES), self._take(length + TAG_BYTES)
            self._piece = self._opened(nonce, sealed, _binding(self._scope, self._file_id, index, is_last=is_last))
            self._held = index
        return self._piece

    def _go_to(self, offset: int) -> None:
        if self._source is not None:
            self._source.close()
        self._source, self._source_at = self._open_at(offset), offset

    def _take(self, size: int) -> bytes:
        assert self._source is not None
        got = bytearray()
        while len(got) < size:
            if not (part := self._source.read(size - len(got))):
                raise Broken("too short")
            got += part
        self._source_at += size
        return bytes(got)

    def _opened(self, nonce: bytes, sealed: bytes, binding: bytes) -> bytes:
        try:
            return self._cipher.decrypt(nonce, sealed, binding)
        except (InvalidTag, ValueError):
            raise Broken("changed") from None
