"""The processes of one installation in the foreground: started together, restarted alone, stopped together."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parents[2]
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
"""A child that lived this long, in seconds, starts again without a pause."""


@dataclass
class Child:
    """One process to keep alive: under whose account, in which environment, and how many seconds it gets to end.

    A `helper` serves the others: it stops last, and what it says is shown only when it dies. An `after_ready` child starts
    when the product answers: it would only take the processor away from what people wait for.
    """

    name: str
    command: list[str]
    env: Mapping[str, str]
    uid: int = field(default_factory=os.geteuid)
    gid: int = field(default_factory=os.getegid)
    grace: float = 10.0
    helper: bool = False
    after_ready: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0
    rest: bytes = b""
    unsaid: deque[str] = field(default_factory=lambda: deque(maxlen=20))


class Supervisor:
    """Starts children in process groups of their own, prefixes what they print, restarts what dies, ends with a signal."""

    def __init__(self, children: list[Child], pid_folder: Path) -> None:
        self.children = children
        self.pid_folder = pid_folder
        self.selector = selectors.DefaultSelector()
        self.ready = self.stopping = False

    def run(self, is_ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP. `on_ready` is called once, as soon as `is_ready` answers true."""
        previous = {
            number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            while not self.stopping:
                self._tend()
                self._print_output(timeout=0.2)
                if not self.ready and is_ready():
                    self.ready = True
                    self._tend()
                    on_ready()
        finally:
            self.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask the children to end in order, the helpers last; then end what is left of their groups."""
        for is_helper in (False, True):
            alive = [c for c in self.children if c.process and c.helper is is_helper]
            for child in alive:
                assert child.process is not None
                child.process.terminate()
            for child in alive:
                deadline = time.monotonic() + child.grace
                while child.process and child.process.poll() is None and time.monotonic() < deadline:
                    self._print_output(timeout=0.1)
                self._bury(child)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _tend(self) -> None:
        """Start what is due, notice what died."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None and now >= child.due and (self.ready or not child.after_ready):
                self._start(child)
            elif child.process is not None and (code := child.process.poll()) is not None:
                self._bury(child)
                for text in child.unsaid:
                    self._print(child, text)
                child.unsaid.clear()
                child.pause = (
                    0.0 if now - child.started > STEADY_AFTER else min(LONGEST_PAUSE, max(0.5, child.pause * 2))
                )
                child.due = now + child.pause
                self._print(child, f"ended with {code}; starting again in {child.pause:.1f} s")

    def _start(self, child: Child) -> None:
        leash = [sys.executable, "-m", "jike.embedded.leash", str(os.getpid()), str(child.uid), str(child.gid)]
        child.process = subprocess.Popen(
            [*leash, *child.command],
            cwd=PROJECT,
            env={**child.env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        child.started = time.monotonic()
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)
        (self.pid_folder / f"{child.name}.pid").write_text(f"{child.process.pid}\n", encoding="utf-8")

    def _bury(self, child: Child) -> None:
        """Take away what a dead child leaves: its own children, its pipe, its pid file."""
        if not (process := child.process):
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()  # not yet the leader of a group
        process.wait()
        assert process.stdout is not None
        self._print_lines(child, process.stdout.read() or b"")
        self.selector.unregister(process.stdout)
        process.stdout.close()
        (self.pid_folder / f"{child.name}.pid").unlink(missing_ok=True)
        child.process = None

    def _print_output(self, timeout: float) -> None:
        for key, _ in self.selector.select(timeout):
            if data := key.fileobj.read():  # type: ignore[union-attr]
                self._print_lines(key.data, data)
            else:
                time.sleep(0.05)

    def _print_lines(self, child: Child, data: bytes) -> None:
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            if child.helper:
                child.unsaid.append(line.decode(errors="replace"))
            else:
                self._print(child, line.decode(errors="replace"))

    def _print(self, child: Child, text: str) -> None:
        try:
            print(f"{child.name:<7}| {text}", flush=True)
        except BrokenPipeError:
            self.stopping = True
