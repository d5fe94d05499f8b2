"""Taking uploads in memory: nothing people send us ever lies unsealed on a disk."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

LIMIT_BYTES = 20 * 1024 * 1024
LIMIT_FILES = 12
PIECE_BYTES = 4 * 1024 * 1024  # of a large file that comes in pieces
PIECE_TYPE = "application/octet-stream"
LIMIT_TOGETHER = 80 * 1024 * 1024


class Received(UploadedFile):
    """One upload, whole in `content`; empty and `is_too_large` when it went over the limit, `is_left_out` when the request did.

    `given_name` is what the sender's device called it, `device` what that device said of itself.
    """

    def __init__(self, name: str, content: bytes, *, size: int, is_left_out: bool, device: str = "") -> None:
        super().__init__(file=None, name="upload", size=size)  # Django refuses names that people do use
        self.device = device
        self.content, self.is_left_out, self.given_name = content, is_left_out, name

    @property
    def is_too_large(self) -> bool:
        return (self.size or 0) > LIMIT_BYTES

    @cached_property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.content).digest()

    def close(self) -> None:
        """Nothing was opened."""


class MemoryHandler(FileUploadHandler):
    """Keeps each file up to its limit and all of them up to theirs; the rest is read and dropped, so that the page can say so."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._files = self._together = 0

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        self._files += 1
        self._parts: list[bytes] = []
        self._size, self._is_left_out = 0, self._files > LIMIT_FILES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        self._is_left_out = self._is_left_out or self._together + len(raw_data) > LIMIT_TOGETHER
        if self._size > LIMIT_BYTES or self._is_left_out:
            self._together -= sum(len(part) for part in self._parts)
            self._parts.clear()
        else:
            self._together += len(raw_data)
            self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> Received:
        content = b"".join(self._parts)
        self._parts = []
        device = self.request.headers.get("User-Agent", "") if self.request else ""
        return Received(self.file_name or "", content, size=self._size, is_left_out=self._is_left_out, device=device)


def receive_in_memory(request: HttpRequest) -> None:
    """Put the handler in place. Before anything reads the form, the check of its token included."""
    request.upload_handlers = [MemoryHandler(request)]
