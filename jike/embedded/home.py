"""`JIKE_HOME`: the one folder in which an installation keeps its database, files, secrets and sockets."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder of one installation. Two checkouts have two homes and share nothing."""

    path: Path

    @classmethod
    def from_environment(cls, base_dir: Path) -> Home:
        path = Path(os.environ.get("JIKE_HOME") or base_dir / "var").expanduser()
        path = path if path.is_absolute() else Path.cwd() / path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(path.resolve())

    @property
    def socket_dir(self) -> Path:
        """A short private folder for sockets: their path may not pass about 100 bytes, JIKE_HOME may."""
        name = hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"jike-{os.getuid()}-{name}"

    def secret(self, name: str) -> str:
        """The secret `name`, made on first use and kept with mode 0600. Concurrent first uses agree on one value."""
        folder = self.path / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / name.lower()
        if not target.exists():
            value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
            if name == "FIELD_KEYS":
                value = f"1:{value}"
            draft = folder / f".{target.name}.{os.getpid()}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(value)
            try:
                os.link(draft, target)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return target.read_text(encoding="utf-8")
