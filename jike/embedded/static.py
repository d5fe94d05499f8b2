"""Collect static files only when one of them changed: compressing them takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from jike.embedded.home import Home


def collect_if_changed(home: Home, sources: Iterable[Path], collect: Callable[[], None]) -> None:
    """Call `collect` unless the last call saw the same files. An interrupted call is repeated by the next start."""
    stamp = home.run_dir / "static.digest"
    wanted = _digest(sources)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    collect()
    stamp.write_text(wanted, encoding="utf-8")


def _digest(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        files = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
        for path in files:
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
