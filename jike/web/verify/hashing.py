"""Taking a file's fingerprint while it arrives, without writing any of it anywhere."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LIMIT_BYTES = 20 * 1024 * 1024
_PDF = b"%PDF-"


class Fingerprint(UploadedFile):
    """An upload of which only size and SHA-256 are left; of a PDF also its bytes, in memory until the answer is given."""

    def __init__(self, name: str, size: int, digest: bytes, pdf: bytes = b"") -> None:
        super().__init__(file=None, name=name, size=size)
        self.digest, self.pdf = digest, pdf

    def close(self) -> None:
        """Nothing was opened."""

    @property
    def is_too_large(self) -> bool:
        return (self.size or 0) > LIMIT_BYTES


class HashingHandler(FileUploadHandler):
    """Hash every chunk and pass nothing on. After the limit the rest is read and ignored, so that the page can say so."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._hash, self._size, self._pdf = hashlib.sha256(), 0, bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > LIMIT_BYTES:
            self._pdf.clear()
            return
        self._hash.update(raw_data)
        if self._pdf or (start == 0 and _PDF in raw_data[:1024]):
            self._pdf += raw_data

    def file_complete(self, file_size: int) -> Fingerprint:
        return Fingerprint(self.file_name or "", self._size, self._hash.digest(), bytes(self._pdf))
