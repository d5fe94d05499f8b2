"""The accounts under which tests run the launcher, and how its homes go away."""

from __future__ import annotations

import os
import pwd
import shutil
import site
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jike.embedded.home import Home
from jike.embedded.postgres import Postgres

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Account:
    """The account a test's commands run under."""

    uid: int
    gid: int
    python: str = sys.executable

    def run(self, code: str, *arguments: object) -> subprocess.Popen[str]:
        """Run `code` in a new process; it may import the project."""
        options: dict[str, Any] = {}
        if self.uid != os.geteuid():
            options = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.Popen(
            [self.python, "-c", code, *map(str, arguments)],
            cwd="/",
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *site.getsitepackages()]), "HOME": "/"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )


def stop_and_remove(path: Path) -> None:
    """Stop a server the test left, and remove the home."""
    if Postgres(Home(path)).pid():
        Postgres(Home(path)).stop()
    shutil.rmtree(path, ignore_errors=True)


def unprivileged_account() -> Account:
    """`daemon` when the suite runs as root: neither root nor the account root hands its servers to."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    entry = pwd.getpwnam("daemon")
    for python in (sys.executable, "/usr/bin/python{}.{}".format(*sys.version_info)):
        account = Account(entry.pw_uid, entry.pw_gid, python)
        try:
            probe = account.run("import jike.embedded.users")
        except OSError:
            continue
        probe.communicate()
        if probe.returncode == 0:
            return account
    pytest.skip("an ordinary user can run neither this Python nor the system's of the same version")
