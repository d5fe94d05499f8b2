"""WebM and Matroska: what browsers and most telephones of our borrowers record."""

from __future__ import annotations

from jike.files.looking.source import Source
from jike.files.timing.track import PICTURE, SOUND, Track

SEGMENT, INFO, TRACKS, ENTRY, CLUSTER, GROUP = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0
ENTERED = frozenset({SEGMENT, INFO, TRACKS, ENTRY, CLUSTER, GROUP})
SCALE, NUMBER, KIND, CODEC, MOMENT = 0x2AD7B1, 0xD7, 0x83, 0x86, 0xE7
BLOCKS = frozenset({0xA3, 0xA1})
KINDS = {1: PICTURE, 2: SOUND}
MOST_ELEMENTS = 5_000_000


def read(source: Source) -> tuple[list[Track], bool]:
    """The tracks, and whether the file breaks off in the middle of something."""
    tracks: dict[int, Track] = {}
    entry, scale, cluster = Track(), 1_000_000, 0
    for _n in range(MOST_ELEMENTS):
        if source.is_at_end:
            return list(tracks.values()), False
        name, size = _number(source, keeps_mark=True), _number(source)
        if name is None or size is None:
            break
        if name == ENTRY:
            entry = Track()
        if name in ENTERED:
            continue
        body = source.peek(min(size, 32))
        if name == SCALE:
            scale = int.from_bytes(body[:size], "big") or scale
        elif name == NUMBER:
            tracks[int.from_bytes(body[:size], "big")] = entry
        elif name == KIND:
            entry.kind = KINDS.get(body[0] if body else 0, "")
        elif name == CODEC:
            entry.codec = body[:size].decode("ascii", "replace").strip("\0")[:20]
        elif name == MOMENT:
            cluster = int.from_bytes(body[:size], "big")
        elif name in BLOCKS:
            _add(tracks, body, size, cluster, scale)
        if not source.skip(size):
            break
    return list(tracks.values()), True


def _add(tracks: dict[int, Track], body: bytes, size: int, cluster: int, scale: int) -> None:
    if not body or not body[0]:
        return
    length = 9 - body[0].bit_length()
    number = int.from_bytes(body[:length], "big") & ((1 << 7 * length) - 1)
    track = tracks.get(number)
    if track is not None and len(body) >= length + 2:
        moment = cluster + int.from_bytes(body[length : length + 2], "big", signed=True)
        track.add(moment * scale // 1_000_000, size - length - 3)


def _number(source: Source, *, keeps_mark: bool = False) -> int | None:
    first = source.take(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    rest = source.take(length - 1)
    if len(rest) < length - 1:
        return None
    value = int.from_bytes(first + rest, "big")
    if keeps_mark:
        return value
    value &= (1 << 7 * length) - 1
    return 0 if value == (1 << 7 * length) - 1 else value  # unknown: what is in it follows
