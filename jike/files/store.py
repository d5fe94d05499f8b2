"""Write once, read with proof. On disk a file is `<scope>/<sha256>`, encrypted and bound to both."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from jike.base.failpoints import failpoint
from jike.files.models import StoredFile
from jike.files.names import clean_display_name
from jike.privacy.keys import cipher_for
from jike.privacy.sealed import Unreadable

MAGIC = b"JKF1"
NONCE_BYTES = 12
INCOMING = ".incoming"


class FileDamaged(Exception):
    """The bytes on disk are missing, changed, or not those of the row. The text names the row only."""


@dataclass(frozen=True, slots=True)
class FileTrouble:
    """What `verify_files` found: `missing` or `damaged` (a row without its bytes), `unreadable` (its key is gone),
    `orphan` (bytes that no row names, left by a crash; `path` is below the folder of files)."""

    kind: str
    file: UUID | None = None
    path: str = ""


def put(scope: UUID, content: bytes, *, media_type: str, display_name: str, now: datetime) -> StoredFile:
    """Store `content` under `scope` and return its row; the same content again returns the first row.

    The bytes are on disk, synced, before the row is written. Call it outside the action's transaction.
    """
    digest = hashlib.sha256(content).digest()
    known = StoredFile.objects.filter(scope=scope, sha256=digest)
    if (stored := known.first()) is not None:
        return stored
    _write(_path(scope, digest), _encrypt(scope, digest, content))
    failpoint("file.written")
    row = StoredFile(
        scope=scope,
        sha256=digest,
        size=len(content),
        media_type=media_type,
        display_name=clean_display_name(display_name),
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return known.get()  # somebody stored the same content at the same time
    return row


def read(stored: StoredFile) -> bytes:
    """The content, after its hash was compared. Raises `FileDamaged`, or `Destroyed` when the key of the case is gone."""
    cipher = cipher_for(stored.scope)
    digest = bytes(stored.sha256)
    try:
        blob = _path(stored.scope, digest).read_bytes()
    except FileNotFoundError:
        raise FileDamaged(f"file {stored.pk}: missing") from None
    start = len(MAGIC) + NONCE_BYTES
    try:
        if blob[: len(MAGIC)] != MAGIC:
            raise InvalidTag
        content = cipher.decrypt(blob[len(MAGIC) : start], blob[start:], _binding(stored.scope, digest))
    except (InvalidTag, ValueError):
        raise FileDamaged(f"file {stored.pk}: changed") from None
    if hashlib.sha256(content).digest() != digest or len(content) != stored.size:
        raise FileDamaged(f"file {stored.pk}: not its content")
    return content


def forget(scope: UUID) -> int:
    """Delete rows and bytes of a scope whose key was destroyed; returns how many rows. The database refuses any other scope."""
    rows = StoredFile.objects.filter(scope=scope)
    paths = [_path(scope, bytes(row.sha256)) for row in rows]
    count = rows.delete()[0]
    for path in paths:
        path.unlink(missing_ok=True)
    return count


def verify_files(*, now: datetime, orphans_older_than: timedelta = timedelta(hours=1)) -> Iterator[FileTrouble]:
    """Read every stored file, and list bytes on disk that no row names. Changes nothing."""
    root, named = _root(), set()
    for stored in StoredFile.objects.order_by("id").iterator(chunk_size=500):
        path = _path(stored.scope, bytes(stored.sha256))
        named.add(path)
        try:
            read(stored)
        except FileDamaged:
            yield FileTrouble("damaged" if path.exists() else "missing", stored.pk)
        except Unreadable:
            yield FileTrouble("unreadable", stored.pk)
    for path in sorted(root.rglob("*")) if root.exists() else []:
        with suppress(FileNotFoundError):
            is_old = path.stat().st_mtime < (now - orphans_older_than).timestamp()
            if path.is_file() and path not in named and is_old and not _is_named(path):
                yield FileTrouble("orphan", path=str(path.relative_to(root)))


def _is_named(path: Path) -> bool:
    """Whether a row came to name the file while the check was running."""
    try:
        return StoredFile.objects.filter(scope=UUID(path.parent.name), sha256=bytes.fromhex(path.name)).exists()
    except ValueError:
        return False


def _encrypt(scope: UUID, digest: bytes, content: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return MAGIC + nonce + cipher_for(scope, create=True).encrypt(nonce, content, _binding(scope, digest))


def _binding(scope: UUID, digest: bytes) -> bytes:
    return f"jike.file|1|{scope}|{digest.hex()}".encode()


def _root() -> Path:
    url = urlsplit(settings.FILES_URL)
    if url.scheme != "file" or not url.path:
        raise ImproperlyConfigured("FILES_URL must be a file:// URL with an absolute path.")
    return Path(unquote(url.path))


def _path(scope: UUID, digest: bytes) -> Path:
    name = str(scope)
    return _root() / name[-2:] / name / digest.hex()


def _write(path: Path, blob: bytes) -> None:
    """All of `blob` at `path`, or nothing: written aside, synced, renamed, and the folders synced."""
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = root / INCOMING
    for folder in (aside, path.parent.parent, path.parent):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync(folder.parent)
    draft = aside / f"{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        failpoint("file.drafted")
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
