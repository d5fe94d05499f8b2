"""Run a program that ends with the process that started it, however that process ends.

    python -m jike.embedded.leash <number of the parent> <uid> <gid> <program> [arguments]

The kernel sends SIGTERM to the program when its parent dies, even by SIGKILL. The program leads a process group of its own,
so that Ctrl-C in the terminal reaches the parent alone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def bind_to_parent(parent: int) -> None:
    """Ask the kernel for SIGTERM when `parent` dies; end at once if it is gone already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit(1)


def become(uid: int, gid: int) -> None:
    """Give up root for another account; nothing to do for one's own. Must come before `bind_to_parent`, which it would undo."""
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main() -> None:
    parent, uid, gid = (int(word) for word in sys.argv[1:4])
    os.setsid()
    become(uid, gid)
    bind_to_parent(parent)
    os.execvp(sys.argv[4], sys.argv[4:])  # noqa: S606 - the command is ours


if __name__ == "__main__":
    main()
