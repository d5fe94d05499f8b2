"""What a file really is, told by its first bytes and never by its name."""

from __future__ import annotations

JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"
PICTURES = frozenset({JPEG, PNG, WEBP, HEIC})

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
)
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_SOUND_BRANDS = (b"M4A ", b"M4B ")


def kind_of(content: bytes) -> str:
    """The media type of a photo, PDF or sound recording; empty for anything else, also for video, HTML and SVG."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": "audio/wav"}.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return _of_boxes(content)
    if content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0:
        return _of_sync(content[1])
    return PDF if b"%PDF-" in content[:1024] else ""


def _of_boxes(content: bytes) -> str:
    """Telephones record sound and video in the same container: the handler of its tracks tells them apart."""
    if content[8:12] in _PICTURE_BRANDS:
        return HEIC
    tracks = {content[at + 12 : at + 16] for at in _places(content, b"hdlr")}
    if b"vide" in tracks:
        return ""
    return "audio/mp4" if content[8:12] in _SOUND_BRANDS or b"soun" in tracks else ""


def _places(content: bytes, word: bytes) -> list[int]:
    found: list[int] = []
    at = content.find(word)
    while at >= 0 and len(found) < 50:
        found.append(at)
        at = content.find(word, at + 4)
    return found


def _of_sync(second: int) -> str:
    """Raw AAC and MP3 begin with a sync word; the layer bits say which."""
    return "audio/aac" if second & 0x06 == 0 else "audio/mpeg"
