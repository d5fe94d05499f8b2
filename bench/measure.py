"""Latency of one visitor, throughput of eight, CPU beside wall; pages that are compared take turns."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.client import Browser, Failed, Request
from bench.cpu import Meter
from bench.web import WebServer

Asker = Callable[[int], Sequence[Request]]


@dataclass(frozen=True)
class Page:
    """Something to measure: the requests of its n-th showing (a page may take more than one), and who asks.

    `browsers` makes the visitor of the n-th showing, so that a visitor with state (a filing, a lock) is not shared. `crowd`
    is how many times as many showings eight visitors get: quick pages need more of them for a steady rate. A page that `is_slow`
    is shown once a round, and to no crowd.
    """

    name: str
    server: WebServer
    requests: Asker
    browsers: Callable[[int], Browser]
    crowd: int = 1
    is_slow: bool = False


@dataclass
class Measured:
    """What was found. Times in milliseconds, CPU per showing; `others` is what strangers used, in cores."""

    name: str
    seconds: list[float] = field(default_factory=list)
    cpu_ms: float = 0.0
    backend_ms: float = 0.0
    others: float = 0.0
    statements: int | None = None
    c8_per_second: float | None = None
    c8_cpu_ms: float | None = None
    c8_p50_ms: float | None = None
    c8_others: float = 0.0

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def p95_ms(self) -> float:
        return quantile(self.seconds, 0.95) * 1000


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Turn:
    """The running count of showings of one page, so that no request is asked twice."""

    def __init__(self, page: Page) -> None:
        self.page, self.count, self.lock = page, 0, threading.Lock()

    def show(self, *, counted: bool = False) -> tuple[float, int | None]:
        """One showing: seconds of its requests together, and their statements when asked."""
        with self.lock:
            n, self.count = self.count, self.count + 1
        browser, seconds, statements = self.page.browsers(n), 0.0, 0
        for request in self.page.requests(n):
            if counted:
                request = Request(request.path, request.data, request.expect, counted=True)
            answer = browser.send(request)
            seconds += answer.seconds
            statements += answer.statements or 0
        return seconds, statements if counted else None


def in_turns(pages: Sequence[Page], *, rounds: int, per_round: int, crowd: int, warm: int = 2) -> dict[str, Measured]:
    """Measure `pages` interleaved: `rounds` times `per_round` showings each, then `crowd` showings by eight at once.

    A page that does not answer as expected is left out, with the reason said on stderr.
    """
    turns, found = [], {}
    for turn in map(_Turn, pages):
        try:
            for _ in range(1 if turn.page.is_slow else max(warm, 1)):
                turn.show()
            found[turn.page.name] = Measured(turn.page.name, statements=turn.show(counted=True)[1])
            turns.append(turn)
        except Failed as error:
            print(f"left out: {turn.page.name}: {error}", file=sys.stderr)
    pages = [turn.page for turn in turns]
    process, backends, others = ({page.name: 0.0 for page in pages} for _ in range(3))
    for _ in range(rounds):
        for turn in turns:
            name, meter = turn.page.name, Meter(turn.page.server.pid, [turn.page.server.database])
            found[name].seconds += [turn.show()[0] for _ in range(1 if turn.page.is_slow else per_round)]
            used = meter.read()
            process[name] += used.cpu
            backends[name] += used.backends
            others[name] += used.others / rounds
    for name, one in found.items():
        one.cpu_ms, one.backend_ms = (total[name] * 1000 / len(one.seconds) for total in (process, backends))
        one.others = others[name]
    if crowd:
        for turn in (turn for turn in turns if not turn.page.is_slow):
            _crowd(turn, found[turn.page.name], crowd * turn.page.crowd)
    return found


def _crowd(turn: _Turn, one: Measured, showings: int, clients: int = 8) -> None:
    """Throughput with eight visitors at once, at most `showings` in all."""
    left, seconds, trouble, lock = [showings], [], [], threading.Lock()

    def visit() -> None:
        while True:
            with lock:
                if left[0] <= 0 or trouble:
                    return
                left[0] -= 1
            try:
                seconds.append(turn.show()[0])
            except Exception as error:
                trouble.append(error)

    meter, started = Meter(turn.page.server.pid, [turn.page.server.database]), time.perf_counter()
    threads = [threading.Thread(target=visit) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, used = time.perf_counter() - started, meter.read()
    if trouble:
        raise trouble[0]
    one.c8_per_second, one.c8_p50_ms = len(seconds) / wall, statistics.median(seconds) * 1000
    one.c8_cpu_ms, one.c8_others = used.cpu * 1000 / len(seconds), used.others
