"""Recordings made of frames that follow each other: MP3, AAC, AMR, SILK, Ogg, FLAC, FLV. Their length is the sum of their frames."""

from __future__ import annotations

import struct

from jike.files.looking.look import Look, Refuse
from jike.files.looking.source import Source

_MOST_GARBAGE = 512 * 1024
_BITRATES = {
    (3, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_ADTS_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_AMR_NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_AMR_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)


def read_mp3(source: Source, found: Look) -> None:
    if source.peek(3) == b"ID3":
        head = source.take(10)
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
        if not source.skip(size):
            raise Refuse("recording.damaged")
    _sum_frames(source, found, _mp3_frame)


def read_adts(source: Source, found: Look) -> None:
    _sum_frames(source, found, _adts_frame)


def _sum_frames(source: Source, found: Look, frame: object) -> None:
    """Frames are counted; between them lie tags and covers, which are passed over up to a limit."""
    seconds, count, garbage = 0.0, 0, 0
    while head := source.peek(8):
        size, length = frame(head)  # type: ignore[operator]
        if size:
            if not source.skip(size):
                found.facts["is_cut"] = True
                break
            seconds, count = seconds + length, count + 1
        elif head[:3] == b"TAG" or head[:8] == b"APETAGEX" or head[:3] == b"ID3":
            break
        else:
            garbage += 1
            if garbage > _MOST_GARBAGE:
                break
            source.skip(1)
    if count < 2 or garbage > 8 * count * 100:
        raise Refuse("recording.damaged")
    found.facts["seconds"] = seconds


def _mp3_frame(head: bytes) -> tuple[int, float]:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0, 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 0 or bits in (0, 15) or rate == 3:
        return 0, 0
    hertz = _RATES[version][rate]
    kilobits = _BITRATES[3 if version == 3 else 2, layer][bits]
    samples = 384 if layer == 3 else 576 if layer == 1 and version != 3 else 1152
    padding = (head[2] >> 1 & 1) * (4 if layer == 3 else 1)
    return samples * kilobits * 125 // hertz + padding, samples / hertz


def _adts_frame(head: bytes) -> tuple[int, float]:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0, 0
    rate = head[2] >> 2 & 15
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate >= len(_ADTS_RATES) or size < 7:
        return 0, 0
    return size, 1024 * ((head[6] & 3) + 1) / _ADTS_RATES[rate]


def read_amr(source: Source, found: Look) -> None:
    """What telephones and WeChat write: frames of 20 ms, whose first byte says how long each is."""
    is_wide = source.peek(9).startswith(b"#!AMR-WB")
    source.skip(9 if is_wide else 6)
    sizes, count = _AMR_WIDE if is_wide else _AMR_NARROW, 0
    while head := source.take(1):
        size = sizes[head[0] >> 3 & 15]
        if not size:
            found.facts["is_cut"] = True
            break
        if not source.skip(size - 1):
            found.facts["is_cut"] = True
            break
        count += 1
    if not count:
        raise Refuse("recording.damaged")
    found.facts["seconds"] = count / 50


def read_silk(source: Source, found: Look) -> None:
    """Voice messages of WeChat as they lie on the telephone."""
    source.skip(10 if source.peek(1) == b"\x02" else 9)
    count = 0
    while len(head := source.take(2)) == 2:
        (size,) = struct.unpack("<H", head)
        if size == 0xFFFF:
            break
        if size > 2_000 or not source.skip(size):
            found.facts["is_cut"] = True
            break
        count += 1
    if not count:
        raise Refuse("recording.damaged")
    found.facts["seconds"] = count / 50


def read_ogg(source: Source, found: Look) -> None:
    """Pages carry the place in the recording; the last one of the sound tells the length."""
    rates: dict[bytes, int] = {}
    ends: dict[bytes, int] = {}
    pages = 0
    while not source.is_at_end:
        head = source.take(27)
        if len(head) < 27 or head[:4] != b"OggS":
            found.facts["is_cut"] = True
            break
        serial, place = head[14:18], struct.unpack("<q", head[6:14])[0]
        size = sum(source.take(head[26]))
        body = source.peek(min(size, 64))
        if head[5] & 2:
            rates[serial] = _ogg_rate(body)
            found.facts["has_video"] = found.facts.get("has_video", False) or body[1:7] == b"theora"
        if place >= 0:
            ends[serial] = max(ends.get(serial, 0), place)
        pages += 1
        if not source.skip(size):
            found.facts["is_cut"] = True
            break
    if not pages or not rates:
        raise Refuse("recording.damaged")
    lengths = [ends.get(serial, 0) / rate for serial, rate in rates.items() if rate]
    if lengths:
        found.facts["seconds"] = max(lengths)


def _ogg_rate(body: bytes) -> int:
    if body.startswith(b"OpusHead"):
        return 48_000
    if body[1:7] == b"vorbis" and len(body) >= 16:
        return int.from_bytes(body[12:16], "little")
    if body.startswith(b"Speex   ") and len(body) >= 40:
        return int.from_bytes(body[36:40], "little")
    return 0


def read_flac(source: Source, found: Look) -> None:
    head = source.take(42)
    if len(head) < 42 or head[4] & 0x7F:
        raise Refuse("recording.damaged")
    packed = int.from_bytes(head[18:26], "big")
    hertz, samples = packed >> 44, packed & (1 << 36) - 1
    if not hertz:
        raise Refuse("recording.damaged")
    if samples:
        found.facts["seconds"] = samples / hertz


def read_flv(source: Source, found: Look) -> None:
    head = source.take(9)
    source.skip(int.from_bytes(head[5:9], "big") - 9 + 4)
    last, tags = 0, 0
    while len(tag := source.take(11)) == 11 and tag[0] & 0x1F in (8, 9, 18):
        last = max(last, int.from_bytes(tag[4:7], "big") | tag[7] << 24)
        found.facts["has_video"] = found.facts.get("has_video", False) or tag[0] & 0x1F == 9
        tags += 1
        if not source.skip(int.from_bytes(tag[1:4], "big") + 4):
            found.facts["is_cut"] = True
            break
    if not tags:
        raise Refuse("recording.damaged")
    found.facts["seconds"] = last / 1000
