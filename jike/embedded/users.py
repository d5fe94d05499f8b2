"""Who uses the embedded database now: the first user starts it, the last one stops it.

Every user holds a shared lock on one file. The kernel drops the lock with the process, so a killed user never counts, and a
process number that was given out again never confuses anybody. Whoever gets the exclusive lock knows that nobody is left.
A small keeper process (`jike.embedded.keeper`) waits for that moment, in case the last user is killed.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jike.embedded.home import Home
from jike.embedded.postgres import Postgres

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def using_database(home: Home, *, throw_away: bool = False) -> Iterator[Postgres]:
    """Keep the embedded database of `home` running inside the block; start it if nobody did, stop it if nobody else uses it."""
    home.refuse_if_owned_by_another()
    postgres = Postgres(home, throw_away=throw_away)
    users = open_lock(home, "users")
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        with exclusive(home, "start"):
            ensure_keeper(home)
            postgres.start()
        yield postgres
    finally:
        leave(users, postgres)


def leave(users: int, postgres: Postgres) -> None:
    """Stop counting; the last one to leave stops the server, and returns when it has stopped."""
    try:
        if try_lock(users):
            postgres.stop()
        else:
            # Others use the server, and this lock comes at once; or the keeper is stopping it, and this lock waits for the end.
            fcntl.flock(users, fcntl.LOCK_SH)
    finally:
        os.close(users)


def ensure_keeper(home: Home) -> None:
    """Start the keeper of `home` unless it lives. Called with the start lock held."""
    mark = open_lock(home, "keeper")
    try:
        if not try_lock(mark):
            return
    finally:
        os.close(mark)
    subprocess.run(
        [sys.executable, "-m", "jike.embedded.keeper", str(home.path)],
        check=True,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def open_lock(home: Home, name: str) -> int:
    """A descriptor of the lock file `name`; children do not inherit it."""
    return os.open(home.run_dir / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int) -> bool:
    """Take the exclusive lock if nobody holds any."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(home: Home, name: str) -> Iterator[None]:
    """Hold the lock `name` of this home, waiting for it."""
    descriptor = open_lock(home, name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
