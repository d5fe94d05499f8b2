"""The account under which the embedded servers run: one's own, or an unprivileged one for root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jike.embedded.errors import CannotStart

UNPRIVILEGED = ("jike", "nobody")
"""Accounts root hands the servers to, in this order: PostgreSQL refuses to run as root."""


@dataclass(frozen=True)
class ServiceUser:
    """The owner of the database's files and processes."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """True for root: the servers run under another account than the command."""
        return self.uid != os.geteuid()

    def process_options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that run a child as this account in a neutral folder and language."""
        options: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            "stdin": subprocess.DEVNULL,
        }
        return options | ({"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {})

    def can_enter(self, folder: Path) -> bool:
        """True if this account may pass through every folder down to `folder`."""
        probe = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            check=False,
            stderr=subprocess.DEVNULL,
            **self.process_options(),
        )
        return probe.returncode == 0


def service_user() -> ServiceUser:
    """One's own account; for root the first of `UNPRIVILEGED` this machine knows."""
    if os.geteuid() != 0:
        return _account(os.geteuid())
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServiceUser(name, entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        f"PostgreSQL does not run as root, and this machine has none of the accounts {', '.join(UNPRIVILEGED)}."
    )


def _account(uid: int) -> ServiceUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise CannotStart(
            f"User id {uid} has no entry in /etc/passwd; PostgreSQL needs one. Run as a named user."
        ) from None
    return ServiceUser(entry.pw_name, uid, os.getegid())
