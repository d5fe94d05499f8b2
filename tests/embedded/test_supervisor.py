"""Processes in the foreground: they end with their supervisor, and come back when they die alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from jike.embedded.home import Home
from tests.embedded.accounts import Account
from tests.embedded.test_postgres import is_alive, wait_until

SUPERVISE = """
import os, sys
from pathlib import Path
from jike.embedded.supervisor import Child, Supervisor
sleeper = "import os, subprocess, sys, time; print(os.getpid(), flush=True); subprocess.Popen(['sleep', '60']); time.sleep(60)"
children = [Child(name, [sys.executable, "-c", sleeper], dict(os.environ)) for name in ("web", "worker")]
Supervisor(children, Path(sys.argv[1])).run(lambda: True, lambda: print("ready", flush=True))
print("stopped", flush=True)
"""


def group_members(leader: int) -> list[int]:
    """Every process of the group `leader` leads, itself included."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def pid_in(home: Home, name: str) -> int:
    try:
        return int((home.path / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_children_end_with_their_supervisor(home: Home, number: signal.Signals) -> None:
    supervisor = Account(os.geteuid(), os.getegid()).run(SUPERVISE, home.path)
    wait_until(lambda: all(len(group_members(pid_in(home, name) or -1)) == 2 for name in ("web", "worker")))
    leaders = [pid_in(home, "web"), pid_in(home, "worker")]

    supervisor.send_signal(number)
    said, _ = supervisor.communicate(timeout=20)

    wait_until(lambda: not any(is_alive(leader) for leader in leaders))
    assert "web    | " in said
    if number != signal.SIGKILL:
        assert "stopped" in said
        assert not any(group_members(leader) for leader in leaders)
    for member in (member for leader in leaders for member in group_members(leader)):
        os.kill(member, signal.SIGKILL)


def test_killed_child_comes_back_alone_and_leaves_no_orphan(home: Home) -> None:
    supervisor = Account(os.geteuid(), os.getegid()).run(SUPERVISE, home.path)
    wait_until(lambda: all(len(group_members(pid_in(home, name) or -1)) == 2 for name in ("web", "worker")))
    web, worker = pid_in(home, "web"), pid_in(home, "worker")

    os.kill(web, signal.SIGKILL)

    wait_until(lambda: pid_in(home, "web") not in {0, web} and is_alive(pid_in(home, "web")))
    assert group_members(web) == []
    assert pid_in(home, "worker") == worker
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=20)
    assert "web    | ended with -9; starting again in 0.5 s" in said
