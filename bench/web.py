"""A gunicorn server for the time of a measurement: two sync workers on a free loopback port, ended with the block."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.places import ROOT, Database, bench_home

READY_SECONDS = 60


@dataclass(frozen=True)
class WebServer:
    """A running server: where it listens, which process it is, which database it works on."""

    name: str
    port: int
    pid: int
    database: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    name: str,
    python: Path,
    settings: str,
    database: Database,
    extra: dict[str, str],
    *,
    application: str = "bench.wsgi",
) -> Iterator[WebServer]:
    """`settings` served from `database` by the gunicorn of `python`. What the server says goes to a log in the bench folder."""
    port = free_port()
    environment = os.environ | database.libpq | {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(ROOT)} | extra
    order = [str(python), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "sync"]
    order += ["--timeout", "1800", "--log-level", "warning", f"{application}:application"]
    with (bench_home() / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(order, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait(process, port)
        yield WebServer(name, port, process.pid, database.name)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("A server under measurement ended at once: see its log in the bench folder.")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("A server under measurement did not listen in time.")
