"""`JIKE_HOME`: the one folder in which an installation keeps its database, files, secrets and sockets."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jike.embedded.errors import CannotStart
from jike.embedded.service_user import ServiceUser


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
        """A short private folder for sockets: their path may not pass about 100 bytes, JIKE_HOME may.

        Always below /tmp, whatever TMPDIR says: every command of one home must find the same socket.
        """
        name = hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
        return Path(f"/tmp/jike-{os.geteuid()}-{name}")  # noqa: S108 - `open_socket_dir` refuses a strange one

    @property
    def run_dir(self) -> Path:
        """Locks, pid files and logs of what runs now."""
        folder = self.path / "run"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def refuse_if_owned_by_another(self) -> None:
        """Stop before two accounts mix their files in one home."""
        owner = self.path.stat().st_uid
        in_use = (
            not os.access(self.path, os.W_OK | os.X_OK)
            or (self.path / "secrets").exists()
            or (self.path / "pg").exists()
        )
        if owner != os.geteuid() and in_use:
            raise CannotStart(
                f"{self.path} belongs to user id {owner}, and you are user id {os.geteuid()}. "
                "Run as its owner, or set JIKE_HOME to a folder of your own."
            )

    def admit(self, user: ServiceUser) -> None:
        """Let `user` pass through this folder (not list it). Only this folder is changed, never a parent of it."""
        if user.is_other and not user.can_enter(self.path):
            os.chown(self.path, -1, user.gid)
            self.path.chmod(0o710)
        if not user.can_enter(self.path):
            raise CannotStart(
                f"The embedded database runs as the account '{user.name}', which cannot reach {self.path}: a folder above is closed to it. "
                "Set JIKE_HOME to a folder others may pass through (for example /var/lib/jike), or run as an ordinary user."
            )

    def open_socket_dir(self, user: ServiceUser) -> Path:
        """Make the folder for sockets, closed to everybody but the caller and `user`; refuse one somebody else made."""
        folder = self.socket_dir
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise CannotStart(f"{folder} was made by another user (id {found.st_uid}). Remove it, then start again.")
        if user.is_other:
            os.chown(folder, -1, user.gid)
        folder.chmod(0o770 if user.is_other else 0o700)
        return folder

    def close_socket_dir(self) -> None:
        """Remove the folder for sockets if it is ours and nothing is left in it."""
        try:
            if self.socket_dir.lstat().st_uid == os.geteuid():
                self.socket_dir.rmdir()
        except OSError:
            pass

    def secret(self, name: str) -> str:
        """The secret `name`, 32 random bytes, made on first use."""
        value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        return self.made_once(name, lambda: f"1:{value}" if name == "FIELD_KEYS" else value)

    def made_once(self, name: str, make: Callable[[], str]) -> str:
        """What `make` gave at its first use, kept among the secrets with mode 0600. Concurrent first uses agree on one value."""
        folder = self.path / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / name.lower()
        if not target.exists():
            value = make()
            draft = folder / f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(value)
            try:
                os.link(draft, target)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return target.read_text(encoding="utf-8")
