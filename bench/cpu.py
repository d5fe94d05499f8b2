"""CPU seconds from /proc: of a process with its children, of PostgreSQL's backends, and of everybody else."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str]:
    """The columns of /proc/<pid>/stat after the command name; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def family_of(pid: int) -> list[int]:
    """`pid` and its direct children (a gunicorn master and its workers)."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *map(int, children)]


def backends_of(databases: Iterable[str]) -> list[int]:
    """The PostgreSQL backends that serve `databases`, found by their process titles; empty for a server elsewhere."""
    wanted = set(databases)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            title = (entry / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace").split()
        except OSError:
            continue
        if len(title) > 3 and title[0] == "postgres:" and wanted.intersection(title[1:4]):
            found.append(int(entry.name))
    return found


def _seconds(pids: Iterable[int]) -> dict[int, float]:
    return {pid: (int(f[11]) + int(f[12])) / TICK for pid in pids if (f := _fields(pid))}


def _machine() -> float:
    """CPU seconds the whole machine has worked since it started."""
    user, nice, system, _idle, _wait, irq, soft, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / TICK


@dataclass(frozen=True)
class Used:
    """What was used between two looks: our processes, their backends, and all others as a share of one core."""

    process: float
    backends: float
    wall: float
    others: float

    @property
    def cpu(self) -> float:
        return self.process + self.backends


class Meter:
    """Looks at the clocks now, and says at `read` what was used since."""

    def __init__(self, pid: int, databases: Iterable[str]) -> None:
        self.pid, self.databases = pid, tuple(databases)
        self.at, self.machine, self.own = time.perf_counter(), _machine(), sum(os.times()[:4])
        self.processes, self.backends = self._look()

    def _look(self) -> tuple[dict[int, float], dict[int, float]]:
        return _seconds(family_of(self.pid)), _seconds(backends_of(self.databases))

    def read(self) -> Used:
        wall = max(time.perf_counter() - self.at, 1e-6)
        processes, backends = self._look()
        ours = sum(seconds - self.processes.get(pid, 0.0) for pid, seconds in processes.items())
        served = sum(seconds - self.backends.get(pid, 0.0) for pid, seconds in backends.items())
        mine = sum(os.times()[:4]) - self.own
        mine = 0.0 if self.pid == os.getpid() else mine
        others = _machine() - self.machine - ours - served - mine
        return Used(ours, served, wall, max(others, 0.0) / wall)
