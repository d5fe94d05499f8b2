"""Letters on disk, as `jike.files` keeps them, but without waiting for the disk: what a crash loses here is loaded again."""

from __future__ import annotations

import os
from uuid import UUID

from jike.files import store


def keep_letter(scope: UUID, digest: bytes, content: bytes) -> None:
    """Write the bytes of a letter where the store will look for them, encrypted like any other file."""
    path = store._path(scope, digest)
    try:
        path.parent.mkdir(mode=0o700)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        pass
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, store._encrypt(scope, digest, content))
    finally:
        os.close(handle)
