"""Reading by a confined process when sound and picture of a recording were there. See `jike.files.timing`."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jike.files.examining import answer_to

_PROGRAM = Path(__file__).with_name("timing")
_SECONDS = 120
_MOST_ANSWER = 512 * 1024


@dataclass(frozen=True, slots=True)
class Track:
    """One track: video or audio, its first and last millisecond, holes as (from, to), and of sound the bytes of each second."""

    kind: str
    codec: str
    first_ms: int
    last_ms: int
    holes: tuple[tuple[int, int], ...]
    bytes_by_second: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """What was read. `refused` is a code, empty for a file that could be read; `is_cut` says that it breaks off."""

    refused: str = ""
    tracks: tuple[Track, ...] = ()
    is_cut: bool = False

    def of(self, kind: str) -> Track | None:
        return next((track for track in self.tracks if track.kind == kind), None)

    @property
    def last_ms(self) -> int:
        return max((track.last_ms for track in self.tracks), default=0)


def timing_of(chunks: Iterable[bytes], *, kind: str) -> Timing:
    """The timing of a recording that comes in pieces. What the child says is believed only in the shape agreed upon."""
    answer, status = answer_to([str(_PROGRAM), kind], chunks, seconds=_SECONDS)
    if status in (-signal.SIGKILL, -signal.SIGXCPU):
        return Timing("file.too_heavy")
    try:
        told = json.loads(answer[:_MOST_ANSWER])
        return Timing(str(told["refused"])[:40], tuple(_track(one) for one in told["tracks"]), bool(told["is_cut"]))
    except (ValueError, KeyError, TypeError):
        return Timing("recording.damaged")


def _track(told: dict[str, Any]) -> Track:
    holes = tuple((int(start), int(end)) for start, end in told["holes"])
    seconds = tuple(int(size) for size in told["bytes"])
    return Track(
        str(told["kind"])[:10], str(told["codec"])[:20], int(told["first_ms"]), int(told["last_ms"]), holes, seconds
    )
