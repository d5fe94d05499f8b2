"""Taking a file's fingerprint while it arrives, without keeping any of it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LIMIT_BYTES = 20 * 1024 * 1024


class Fingerprint(UploadedFile):
    """An upload of which only size and SHA-256 are left."""

    def __init__(self, name: str, size: int, digest: bytes) -> None:
        super().__init__(file=None, name=name, size=size)
        self.digest = digest

    def close(self) -> None:
        """Nothing was opened."""

    @property
    def is_too_large(self) -> bool:
        return (self.size or 0) > LIMIT_BYTES


class HashingHandler(FileUploadHandler):
    """Hash every chunk and pass nothing on. After the limit the rest is read and ignored, so that the page can say so."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._hash, self._size = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size <= LIMIT_BYTES:
            self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> Fingerprint:
        return Fingerprint(self.file_name or "", self._size, self._hash.digest())
