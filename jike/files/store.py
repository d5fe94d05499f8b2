"""Write once, read with proof. At rest a file is `<scope>/<sha256>`, encrypted and bound to both."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from jike.base.failpoints import failpoint
from jike.files.models import StoredFile
from jike.files.names import clean_display_name
from jike.files.places import Draft, Folder, Place, place
from jike.files.sealing import Broken, Content, Hashes, SealedFile, seal_into
from jike.privacy.keys import cipher_for
from jike.privacy.sealed import Unreadable

BATCH = 500


class FileDamaged(Exception):
    """The bytes at rest are missing, changed, or not those of the row. The text names the row only."""


@dataclass(frozen=True, slots=True)
class FileTrouble:
    """What `verify_files` found: `missing` or `damaged` (a row without its bytes), `unreadable` (its key is gone),
    `orphan` (bytes that no row names, left by a crash; `path` is below the folder of files)."""

    kind: str
    file: UUID | None = None
    path: str = ""


def put(scope: UUID, content: bytes, *, media_type: str, display_name: str, now: datetime) -> StoredFile:
    """Store `content` under `scope` and return its row; the same content again returns the first row.

    The bytes are at rest, synced, before the row is written. Call it outside the action's transaction.
    """
    known = StoredFile.objects.filter(scope=scope, sha256=hashlib.sha256(content).digest())
    if (stored := known.first()) is not None:
        return stored
    return put_stream(scope, [content], media_type=media_type, display_name=display_name, now=now)


def put_stream(
    scope: UUID, chunks: Iterable[bytes], *, media_type: str, display_name: str, now: datetime
) -> StoredFile:
    """Like `put`, for content of any length that comes in `chunks` of any size: a piece of it is in memory, none is on disk unsealed.

    What the iterator raises ends it, and nothing is left behind. Call it outside the action's transaction.
    """
    where, cipher = place(), cipher_for(scope, create=True)
    with where.draft() as draft:
        content = seal_into(draft.file, scope, chunks, cipher)
        known = StoredFile.objects.filter(scope=scope, sha256=content.sha256)
        if (stored := known.first()) is not None:
            return stored
        _keep(where, draft, scope, content)
    failpoint("file.written")
    row = StoredFile(
        scope=scope,
        sha256=content.sha256,
        sm3=content.sm3,
        size=content.size,
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
    return b"".join(stream(stored))


def stream(stored: StoredFile) -> Iterator[bytes]:
    """The content piece by piece. Each piece is authentic; that they are the whole is known, by the hash, when it ends without error."""
    taken = Hashes()
    with open(stored) as file:
        try:
            for piece in file.pieces():
                taken.update(piece)
                yield piece
        except Broken as error:
            raise FileDamaged(f"file {stored.pk}: {error}") from None
    found = taken.content()
    if found.sha256 != bytes(stored.sha256) or (stored.sm3 and found.sm3 != bytes(stored.sm3)):
        raise FileDamaged(f"file {stored.pk}: not its content")


def open(stored: StoredFile) -> SealedFile:
    """The content as a seekable binary file with flat memory. Raises as `read` does; a later piece that was changed raises `Broken`."""
    cipher, where, address = cipher_for(stored.scope), place(), _address(stored.scope, bytes(stored.sha256))
    try:
        return SealedFile(
            lambda offset: where.open_at(address, offset),
            stored.scope,
            sha256=bytes(stored.sha256),
            size=stored.size,
            cipher=cipher,
        )
    except FileNotFoundError:
        raise FileDamaged(f"file {stored.pk}: missing") from None
    except Broken as error:
        raise FileDamaged(f"file {stored.pk}: {error}") from None


def read_range(stored: StoredFile, start: int, length: int) -> bytes:
    """`length` bytes from `start`, fewer at the end; only the pieces they are in are read. Raises as `read` does."""
    with open(stored) as file:
        file.seek(start)
        try:
            return file.read(max(0, min(length, stored.size - start))) or b""
        except Broken as error:
            raise FileDamaged(f"file {stored.pk}: {error}") from None


def sm3_of(stored: StoredFile) -> bytes:
    """The SM3 hash; computed by reading the file where an older row has none yet."""
    return bytes(stored.sm3) if stored.sm3 else _hashed(stored).sm3


def add_missing_hashes(*, limit: int = BATCH) -> int:
    """Fill the SM3 hash of up to `limit` rows from before it was kept; returns how many. May be stopped and run again.

    Files that cannot be read keep none: `verify_files` names them.
    """
    done = 0
    for stored in StoredFile.objects.filter(sm3=None).order_by("id").iterator(chunk_size=BATCH):
        try:
            StoredFile.objects.filter(pk=stored.pk, sm3=None).update(sm3=_hashed(stored).sm3)
        except (FileDamaged, Unreadable):
            continue
        done += 1
        if done == limit:
            break
    return done


def forget(scope: UUID) -> int:
    """Delete rows and bytes of a scope whose key was destroyed; returns how many rows. The database refuses any other scope."""
    rows = StoredFile.objects.filter(scope=scope)
    addresses = [_address(scope, bytes(row.sha256)) for row in rows]
    count = rows.delete()[0]
    for address in addresses:
        place().delete(address)
    return count


def verify_files(*, now: datetime, orphans_older_than: timedelta = timedelta(hours=1)) -> Iterator[FileTrouble]:
    """Read every stored file, and list bytes at rest that no row names. Changes nothing; memory stays flat."""
    where = place()
    for stored in StoredFile.objects.order_by("id").iterator(chunk_size=BATCH):
        try:
            _hashed(stored)
        except FileDamaged:
            is_there = where.exists(_address(stored.scope, bytes(stored.sha256)))
            yield FileTrouble("damaged" if is_there else "missing", stored.pk)
        except Unreadable:
            yield FileTrouble("unreadable", stored.pk)
    old = (address for address, at in where.listing() if at < now - orphans_older_than)
    while batch := list(islice(old, BATCH)):
        named = _named(batch)
        yield from (FileTrouble("orphan", path=address) for address in batch if address not in named)


def _named(addresses: list[str]) -> set[str]:
    """Those of `addresses` that a row names."""
    wanted = {bytes.fromhex(name) for address in addresses if len(name := address.rsplit("/", 1)[-1]) == 64}
    rows = StoredFile.objects.filter(sha256__in=wanted).values_list("scope", "sha256")
    return {_address(scope, bytes(sha256)) for scope, sha256 in rows.iterator(chunk_size=BATCH)}


def _hashed(stored: StoredFile) -> Content:
    taken = Hashes()
    for piece in stream(stored):
        taken.update(piece)
    return taken.content()


def _keep(where: Place, draft: Draft, scope: UUID, content: Content) -> None:
    """Put the draft in its place. What lies there already, without a row, is good, or was left by a crash and is replaced."""
    address = _address(scope, content.sha256)
    if not where.keep(draft, address):
        found = StoredFile(scope=scope, sha256=content.sha256, sm3=content.sm3, size=content.size)
        try:
            _hashed(found)
        except FileDamaged:
            where.replace(draft, address)


def _address(scope: UUID, digest: bytes) -> str:
    name = str(scope)
    return f"{name[-2:]}/{name}/{digest.hex()}"


def _path(scope: UUID, digest: bytes) -> Path:
    """Where a file lies if the place is a folder. For loading at scale and for tests."""
    where = place()
    assert isinstance(where, Folder)
    return where.root / _address(scope, digest)


def _encrypt(scope: UUID, digest: bytes, content: bytes) -> bytes:
    """One content as it lies at rest, in memory. For loading at scale and for tests."""
    out = io.BytesIO()
    sealed = seal_into(out, scope, [content], cipher_for(scope, create=True))
    assert sealed.sha256 == digest
    return out.getvalue()
