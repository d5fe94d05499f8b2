"""MP4 and QuickTime: what Apple's browsers and cameras record, in one piece or in fragments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from jike.files.looking.source import Source
from jike.files.timing.track import PICTURE, SOUND, Track

KINDS = {b"vide": PICTURE, b"soun": SOUND}
MOST_INDEX = 96 * 1024 * 1024
MOST_BOXES, MOST_SAMPLES = 400_000, 5_000_000
Box = tuple[bytes, bytes]


@dataclass
class _Kept:
    """What is known of a track besides its pieces: units of a second, and what a fragment leaves out."""

    track: Track = field(default_factory=Track)
    scale: int = 1000
    lasts: int = 0
    size: int = 0


def read(source: Source) -> tuple[list[Track], bool]:
    """The tracks, and whether the file breaks off in the middle of something."""
    kept: dict[int, _Kept] = {}
    for _n in range(MOST_BOXES):
        head = source.take(8)
        if len(head) < 8:
            return [one.track for one in kept.values()], bool(head)
        size, name, used = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, used = int.from_bytes(source.take(8), "big"), 16
        if size == 0 or size < used:
            return [one.track for one in kept.values()], size != 0
        if name in (b"moov", b"moof"):
            if size > MOST_INDEX:
                break
            (_read_index if name == b"moov" else _read_fragment)(source.take(size - used), kept)
        elif not source.skip(size - used):
            break
    return [one.track for one in kept.values()], True


def _boxes(data: bytes) -> Iterator[Box]:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def _named(data: bytes, *path: bytes) -> bytes:
    for name in path:
        data = next((body for found, body in _boxes(data) if found == name), b"")
    return data


def _read_index(data: bytes, kept: dict[int, _Kept]) -> None:
    for name, body in _boxes(data):
        if name == b"trak":
            number = _word(_named(body, b"tkhd"), 12, wide=20)
            one = kept.setdefault(number, _Kept())
            one.track.kind = KINDS.get(_named(body, b"mdia", b"hdlr")[8:12], "")
            one.track.codec = _named(body, b"mdia", b"minf", b"stbl", b"stsd")[12:16].decode("ascii", "replace")
            one.scale = _word(_named(body, b"mdia", b"mdhd"), 12, wide=20) or 1000
            _read_samples(_named(body, b"mdia", b"minf", b"stbl"), one)
    for name, body in _boxes(_named(data, b"mvex")):
        if name == b"trex" and len(body) >= 20:
            number, _description, lasts, size = struct.unpack(">IIII", body[4:20])
            one = kept.setdefault(number, _Kept())
            one.lasts, one.size = lasts, size


def _word(body: bytes, narrow: int, *, wide: int) -> int:
    """A word of a box whose times are of four or of eight bytes."""
    at = wide if body[:1] == b"\1" else narrow
    return int.from_bytes(body[at : at + 4], "big")


def _read_samples(table: bytes, one: _Kept) -> None:
    times, sizes = _named(table, b"stts"), _named(table, b"stsz")
    same = int.from_bytes(sizes[4:8], "big")
    moment = sample = 0
    for at in range(8, len(times) - 7, 8):
        count, lasts = struct.unpack(">II", times[at : at + 8])
        for _n in range(min(count, MOST_SAMPLES - sample)):
            place = 12 + 4 * sample
            size = same or int.from_bytes(sizes[place : place + 4], "big")
            one.track.add(moment * 1000 // one.scale, size, lasts=lasts * 1000 // one.scale)
            moment, sample = moment + lasts, sample + 1


def _read_fragment(data: bytes, kept: dict[int, _Kept]) -> None:
    for name, body in _boxes(data):
        head = _named(body, b"tfhd") if name == b"traf" else b""
        if len(head) < 8 or (one := kept.get(int.from_bytes(head[4:8], "big"))) is None:
            continue
        lasts, size = _defaults(head, one)
        begun = _named(body, b"tfdt")
        moment = int.from_bytes(begun[4:12] if begun[:1] == b"\1" else begun[4:8], "big")
        for inner, run in _boxes(body):
            if inner == b"trun":
                moment = _read_run(run, one, moment, lasts, size)


def _defaults(head: bytes, one: _Kept) -> tuple[int, int]:
    flags, at = int.from_bytes(head[1:4], "big"), 8
    at += 8 * bool(flags & 1) + 4 * bool(flags & 2)
    lasts, size = one.lasts, one.size
    if flags & 8:
        lasts, at = int.from_bytes(head[at : at + 4], "big"), at + 4
    if flags & 16:
        size = int.from_bytes(head[at : at + 4], "big")
    return lasts, size


def _read_run(run: bytes, one: _Kept, moment: int, lasts: int, size: int) -> int:
    flags, count = int.from_bytes(run[1:4], "big"), int.from_bytes(run[4:8], "big")
    at = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
    for _n in range(min(count, MOST_SAMPLES)):
        held, weight = lasts, size
        if flags & 0x100:
            held, at = int.from_bytes(run[at : at + 4], "big"), at + 4
        if flags & 0x200:
            weight, at = int.from_bytes(run[at : at + 4], "big"), at + 4
        at += 4 * bool(flags & 0x400) + 4 * bool(flags & 0x800)
        if at > len(run):
            break
        one.track.add(moment * 1000 // one.scale, weight, lasts=held * 1000 // one.scale)
        moment += held
    return moment
