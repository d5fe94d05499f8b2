"""The process that stops the embedded database when its last user was killed and could not do so itself."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from pathlib import Path

from jike.embedded.home import Home
from jike.embedded.postgres import Postgres
from jike.embedded.users import open_lock, try_lock


def main() -> None:
    """Go to the background once the keeper's lock is held, wait for the last user, stop the server, end."""
    home = Home(Path(sys.argv[1]))
    mark = open_lock(home, "keeper")
    if not try_lock(mark):
        return
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    users = open_lock(home, "users")
    fcntl.flock(users, fcntl.LOCK_EX)
    Postgres(home).stop()


if __name__ == "__main__":
    main()
