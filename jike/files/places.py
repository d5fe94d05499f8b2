"""Where sealed files lie: a folder, or a bucket of an S3-compatible store. Addresses are `<two letters>/<scope>/<sha256>`.

`FILES_URL` names the place: `file:///path`, or `s3://[key:secret@]bucket[/prefix][?endpoint=https://…&region=…]`; without key and
secret in it the usual AWS variables, files and roles are asked.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jike.base.failpoints import failpoint
from jike.files.sealing import Reader

INCOMING = ".incoming"


@dataclass
class Draft:
    """Sealed bytes on their way. `name` is the file they are written to."""

    file: BinaryIO
    name: Path


class Place(Protocol):
    """One place of files. Reading what is not there raises FileNotFoundError."""

    def draft(self) -> AbstractContextManager[Draft]:
        """A file to write to, gone afterwards unless it was kept."""

    def keep(self, draft: Draft, address: str) -> bool:
        """All of the draft at `address`, or nothing. False: something is there already and the place writes once."""

    def replace(self, draft: Draft, address: str) -> None:
        """The same over what lies there and cannot be read."""

    def open_at(self, address: str, offset: int) -> Reader: ...

    def exists(self, address: str) -> bool: ...

    def delete(self, address: str) -> None: ...

    def listing(self, below: str = "") -> Iterator[tuple[str, datetime]]:
        """Every address below `below`, in the order of the alphabet, with the time it was written."""

    def add(self, address: str, content: bytes) -> bool:
        """A small content as it is. False, and nothing is changed, when something is there."""

    def get(self, address: str) -> bytes: ...


class Folder:
    """A folder of this machine, closed to other accounts."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make(self.root / INCOMING)
        name = self.root / INCOMING / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
                yield Draft(file, name)
        finally:
            name.unlink(missing_ok=True)

    def keep(self, draft: Draft, address: str) -> bool:
        """Synced, renamed, and the folders synced. What lay there was left by a crash, or is the same content just now."""
        self.replace(draft, address)
        return True

    def replace(self, draft: Draft, address: str) -> None:
        draft.file.flush()
        os.fsync(draft.file.fileno())
        failpoint("file.drafted")
        path = self.root / address
        for folder in (path.parent.parent, path.parent):
            self._make(folder)
        draft.name.replace(path)
        _sync(path.parent)

    def open_at(self, address: str, offset: int) -> Reader:
        file = (self.root / address).open("rb")
        file.seek(offset)
        return file

    def exists(self, address: str) -> bool:
        return (self.root / address).is_file()

    def delete(self, address: str) -> None:
        (self.root / address).unlink(missing_ok=True)

    def listing(self, below: str = "") -> Iterator[tuple[str, datetime]]:
        """Folder by folder, so that a large store is never in memory whole."""
        for folder, deeper, names in os.walk(self.root / below):
            deeper.sort()
            for name in sorted(names):
                path = Path(folder) / name
                with suppress(FileNotFoundError):
                    yield str(path.relative_to(self.root)), datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def add(self, address: str, content: bytes) -> bool:
        with self.draft() as draft:
            draft.file.write(content)
            draft.file.flush()
            os.fsync(draft.file.fileno())
            path = self.root / address
            for folder in (path.parent.parent, path.parent):
                self._make(folder)
            draft.name.chmod(0o400)
            try:
                os.link(draft.name, path)
            except FileExistsError:
                return False
        _sync(path.parent)
        return True

    def get(self, address: str) -> bytes:
        return (self.root / address).read_bytes()

    def _make(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place() -> Place:
    """The place that `FILES_URL` names."""
    return place_of(settings.FILES_URL)


@lru_cache(maxsize=8)
def place_of(address: str) -> Place:
    url = urlsplit(address)
    if url.scheme == "file" and url.path and not url.netloc:
        return Folder(Path(unquote(url.path)))
    if url.scheme == "s3" and url.hostname:
        return _bucket(url)
    raise ImproperlyConfigured("FILES_URL must be file:///path or s3://bucket/prefix?endpoint=…&region=…")


def _bucket(url: SplitResult) -> Place:
    from jike.files.bucket import Bucket  # noqa: PLC0415 - boto3 loads slowly and few installations have a bucket

    return Bucket(url)
