"""Letters on disk, as `jike.files` keeps them, but without waiting for the disk: what a crash loses here is loaded again."""

from __future__ import annotations

import hashlib
from uuid import UUID

from jike.files import store


def keep_letter(scope: UUID, content: bytes) -> None:
    """Write the bytes of a letter where the store will look for them, encrypted like any other file."""
    digest = hashlib.sha256(content).digest()
    path = store._path(scope, digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(store._encrypt(scope, digest, content))
