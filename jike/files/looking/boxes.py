"""Recordings that are boxes within boxes: MP4, MOV and 3GP, WAV and AVI, AIFF, WebM and Matroska, WMA and WMV."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from jike.files import kinds
from jike.files.looking.look import Look, Refuse
from jike.files.looking.source import Source

_MOST_INDEX = 96 * 1024 * 1024
_MOST_BOXES = 200_000
_KNOWN = frozenset(
    b"ftyp moov mdat free skip wide uuid moof mfra sidx styp meta pnot prfl udta emsg pdin ssix junk".split()
)


def read_mp4(source: Source, found: Look) -> None:
    """Without its index a recording cannot be played; a telephone that died while filming writes none."""
    has_index, boxes = False, 0
    while not source.is_at_end:
        head = source.take(8)
        if len(head) < 8:
            break
        size, name, used = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, used = int.from_bytes(source.take(8), "big"), 16
        boxes += 1
        if (size and size < used) or boxes > _MOST_BOXES or name not in _KNOWN:
            found.facts["is_cut"] = True
            break
        if name == b"moov":
            if size > _MOST_INDEX:
                raise Refuse("file.too_heavy")
            _read_index(source.take(size - used), found)
            has_index = True
        elif not size:
            break  # the last box, as long as the file
        elif not source.skip(size - used):
            found.facts["is_cut"] = True
            break
    if not has_index:
        raise Refuse("recording.damaged")
    if found.kind in {kinds.MP4, kinds.THREE_GP} and not found.facts.get("has_video"):
        found.kind = kinds.MP4_SOUND


def _inside(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    at = start
    while at + 8 <= end:
        size, used = int.from_bytes(data[at : at + 4], "big"), 8
        name = data[at + 4 : at + 8]
        if size == 1:
            size, used = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size < used:
            return
        yield name, at + used, min(at + size, end)
        at += size


def _read_index(index: bytes, found: Look) -> None:
    for name, start, end in _inside(index, 0, len(index)):
        if name == b"mvhd":
            if seconds := _seconds(index[start:end]):
                found.facts["seconds"] = seconds
        elif name == b"trak":
            for inner, at, stop in _inside(index, start, end):
                if inner == b"mdia":
                    _read_track(index, at, stop, found)


def _read_track(index: bytes, start: int, end: int, found: Look) -> None:
    for name, at, _stop in _inside(index, start, end):
        if name == b"hdlr":
            kind = index[at + 8 : at + 12]
            found.facts["has_video"] = found.facts.get("has_video", False) or kind == b"vide"
            found.facts["has_sound"] = found.facts.get("has_sound", False) or kind == b"soun"


def _seconds(head: bytes) -> float:
    if len(head) < 20:
        return 0
    if head[0] == 1 and len(head) >= 32:
        scale, length = struct.unpack(">IQ", head[20:32])
        return length / scale if scale and length != (1 << 64) - 1 else 0
    scale, length = struct.unpack(">II", head[12:20])
    return length / scale if scale and length != 0xFFFFFFFF else 0


def read_riff(source: Source, found: Look) -> None:
    """Recorders that stop early leave a length of nothing or of everything: then what is there counts."""
    source.skip(12)
    per_second, sound = 0, -1
    while len(head := source.take(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name == b"fmt ":
            per_second = int.from_bytes(source.peek(16)[8:12], "little")
        elif name == b"LIST" and source.peek(4) == b"hdrl":
            source.skip(4)
            continue
        elif name == b"avih":
            pause, frames = struct.unpack_from("<I12xI", source.peek(32).ljust(32, b"\0"))
            found.facts |= {"seconds": pause * frames / 1_000_000, "has_video": True}
        elif name == b"data":
            start = source.at
            is_whole = source.skip(size + size % 2) if size else _to_end(source)
            sound = size if is_whole and size else source.at - start
            found.facts |= {} if is_whole or source.at - start >= size else {"is_cut": True}
            break
        if not source.skip(size + size % 2):
            break
    if found.kind == kinds.WAV:
        if sound < 0 or not per_second:
            raise Refuse("recording.damaged")
        found.facts["seconds"] = sound / per_second
    elif "seconds" not in found.facts:
        raise Refuse("recording.damaged")


def _to_end(source: Source) -> bool:
    while not source.is_at_end:
        source.skip(1 << 20)
    return True


def read_aiff(source: Source, found: Look) -> None:
    source.skip(12)
    while len(head := source.take(8)) == 8:
        size = int.from_bytes(head[4:], "big")
        if head[:4] == b"COMM":
            body = source.peek(18)
            frames, power = int.from_bytes(body[2:6], "big"), int.from_bytes(body[8:10], "big") - 16383
            hertz = int.from_bytes(body[10:18], "big") / 2 ** (63 - power)
            if hertz:
                found.facts["seconds"] = frames / hertz
            return
        if not source.skip(size + size % 2):
            break
    raise Refuse("recording.damaged")


_ENTERED = frozenset({0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0})


def read_ebml(source: Source, found: Look) -> None:
    """Browsers record without knowing the end: then the last moment that carries sound or picture is the length."""
    scale, told, cluster, last, elements = 1_000_000, 0.0, 0, 0, 0
    while not source.is_at_end:
        name = _number(source, is_name=True)
        size = _number(source)
        elements += 1
        if name is None or size is None:
            found.facts["is_cut"] = True
            break
        if name in _ENTERED:
            continue
        body = source.peek(min(size, 16))
        if name == 0x2AD7B1:
            scale = int.from_bytes(body[:size], "big") or scale
        elif name == 0x4489 and size in (4, 8) and len(body) >= size:
            (told,) = struct.unpack(">f" if size == 4 else ">d", body[:size])
        elif name == 0x83:
            found.facts["has_video" if body[:1] == b"\1" else "has_sound"] = True
        elif name == 0xE7:
            cluster = int.from_bytes(body[:size], "big")
        elif name in (0xA3, 0xA1):
            last = max(last, cluster + int.from_bytes(body[1:3], "big", signed=True))
        elif name == 0x4282:
            found.facts["container"] = body[:size].decode("ascii", "replace").strip("\0")[:16]
        if size > (1 << 50) or not source.skip(size):
            found.facts["is_cut"] = True
            break
    if elements < 3 or not (found.facts.get("has_video") or found.facts.get("has_sound")):
        raise Refuse("recording.damaged")
    found.facts["seconds"] = (told or last) * scale / 1_000_000_000
    if not found.facts.get("has_video"):
        found.kind = "audio/webm"


def _number(source: Source, *, is_name: bool = False) -> int | None:
    first = source.take(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    rest = source.take(length - 1)
    value = first[0] if is_name else first[0] & (1 << (8 - length)) - 1
    value = int.from_bytes(bytes([value]) + rest, "big")
    if not is_name and value == (1 << 7 * length) - 1:
        return 0  # unknown: what is in it follows
    return value if len(rest) == length - 1 else None


_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_STREAM_PROPERTIES = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_VIDEO_STREAM = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def read_asf(source: Source, found: Look) -> None:
    source.skip(30)
    seen = 0
    while len(head := source.take(24)) == 24 and seen < 100:
        size = int.from_bytes(head[16:], "little")
        if size < 24 or size > (1 << 24):
            break
        body = source.peek(min(size - 24, 80))
        if head[:16] == _FILE_PROPERTIES and len(body) >= 64:
            length, lead = int.from_bytes(body[40:48], "little"), int.from_bytes(body[56:64], "little")
            found.facts["seconds"] = max(length / 10_000_000 - lead / 1000, 0)
        if head[:16] == _STREAM_PROPERTIES:
            found.facts["has_video"] = found.facts.get("has_video", False) or body[:16] == _VIDEO_STREAM
        seen += 1
        if not source.skip(size - 24):
            break
    if "seconds" not in found.facts:
        raise Refuse("recording.damaged")
