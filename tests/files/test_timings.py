"""When sound and picture were there, read by a confined process: WebM and MP4, whole, cut, holed, silent and hostile."""

from __future__ import annotations

import struct

import pytest

from jike.files.timings import timing_of
from lending.recordings.pretend import pretended_webm

WEBM, MP4 = "video/webm", "video/mp4"


def box(name: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name: bytes, body: bytes, flags: int = 0) -> bytes:
    return box(name, flags.to_bytes(4, "big") + body)


def track(number: int, kind: bytes, table: bytes = b"") -> bytes:
    """A track in thousandths of a second."""
    head = full(b"tkhd", bytes(8) + number.to_bytes(4, "big"))
    times = full(b"mdhd", bytes(8) + (1000).to_bytes(4, "big") + bytes(8))
    return box(b"trak", head, box(b"mdia", times, full(b"hdlr", bytes(4) + kind), box(b"minf", box(b"stbl", table))))


def samples(count: int, lasts: int, size: int) -> bytes:
    return full(b"stts", struct.pack(">III", 1, count, lasts)) + full(b"stsz", struct.pack(">II", size, count))


def fragment(number: int, begins: int, runs: list[tuple[int, int]]) -> bytes:
    run = full(b"trun", len(runs).to_bytes(4, "big") + b"".join(struct.pack(">II", *one) for one in runs), 0x300)
    start = full(b"tfdt", begins.to_bytes(4, "big"))
    return box(b"moof", box(b"traf", full(b"tfhd", number.to_bytes(4, "big")), start, run))


HEAD = box(b"ftyp", b"isom\0\0\0\1")


def test_webm_with_picture_and_sound() -> None:
    found = timing_of([pretended_webm(12)], kind=WEBM)

    picture, sound = found.of("video"), found.of("audio")
    assert (found.refused, found.is_cut) == ("", False)
    assert (picture.codec, picture.last_ms, picture.holes) == ("V_VP8", 11_500, ())
    assert (sound.codec, sound.last_ms, len(sound.bytes_by_second)) == ("A_OPUS", 11_980, 12)
    assert min(sound.bytes_by_second) > 1_000


def test_a_switched_off_microphone_and_a_hole_show() -> None:
    found = timing_of([pretended_webm(12, silent=(3, 6), hole=(4, 8))], kind=WEBM)

    assert [size < 500 for size in found.of("audio").bytes_by_second] == [n in (3, 4, 5) for n in range(12)]
    assert found.of("video").holes == ((3_500, 8_000),)


def test_what_comes_in_pieces_is_the_same() -> None:
    film = pretended_webm(6)

    whole = timing_of([film], kind=WEBM)
    assert timing_of([film[n : n + 777] for n in range(0, len(film), 777)], kind=WEBM) == whole


def test_a_film_that_breaks_off_is_cut() -> None:
    film = pretended_webm(12)

    found = timing_of([film[: len(film) // 2]], kind=WEBM)
    assert found.is_cut and 3_000 < found.last_ms < 9_000


def test_mp4_in_one_piece() -> None:
    index = box(b"moov", track(1, b"vide", samples(50, 100, 400)), track(2, b"soun", samples(250, 20, 60)))
    found = timing_of([HEAD + index + box(b"mdat", bytes(100))], kind=MP4)

    assert (found.of("video").last_ms, found.of("audio").last_ms) == (5_000, 5_000)
    assert found.of("audio").bytes_by_second[0] == 3_000


def test_mp4_in_fragments_with_a_hole() -> None:
    index = box(b"moov", track(1, b"vide"), track(2, b"soun"))
    parts = [fragment(1, 0, [(100, 400)] * 10), fragment(2, 0, [(20, 60)] * 50), fragment(1, 4_000, [(100, 400)] * 10)]
    found = timing_of([HEAD + index + b"".join(parts)], kind=MP4)

    assert found.of("video").holes == ((1_000, 4_000),)
    assert (found.of("video").last_ms, found.of("audio").last_ms) == (5_000, 1_000)


@pytest.mark.parametrize(
    ("content", "kind", "refused"),
    [
        (b"", WEBM, ""),
        (b"\x1aE\xdf\xa3" + bytes(500), WEBM, ""),
        (b"\x1aE\xdf\xa3" + b"\x08" * 5_000, WEBM, ""),
        (HEAD + b"\xff\xff\xff\xffmoov", MP4, ""),
        (HEAD + box(b"moov", b"\0\0\0\4trak" * 50), MP4, ""),
        (b"RIFF", "audio/wav", "recording.kind"),
    ],
)
def test_what_is_hostile_or_unknown_has_no_tracks(content: bytes, kind: str, refused: str) -> None:
    found = timing_of([content], kind=kind)

    assert (found.tracks, found.refused) == ((), refused)
