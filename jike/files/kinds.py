"""What a file really is, told by its bytes and never by its name. Nothing is parsed here: only beginnings and marks are compared."""

from __future__ import annotations

import re

from jike.files import marks

JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"
TIFF, GIF, BMP, AVIF = "image/tiff", "image/gif", "image/bmp", "image/avif"
PICTURES = frozenset({JPEG, PNG, WEBP, HEIC, TIFF, GIF, BMP, AVIF})

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC, XLS, PPT, RTF = (
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/rtf",
)
OFD, ODT, ODS, ODP = (
    "application/ofd",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
)
OLE, LOCKED_OFFICE = "application/x-ole-storage", "application/encrypted"
OOXML = frozenset({DOCX, XLSX, PPTX})
OPEN_DOCUMENTS = frozenset({ODT, ODS, ODP})
OLD_OFFICE = frozenset({DOC, XLS, PPT, LOCKED_OFFICE, OLE})
OFFICE = OOXML | OPEN_DOCUMENTS | OLD_OFFICE | {OFD, RTF}

EML, MBOX, MSG = "message/rfc822", "application/mbox", "application/vnd.ms-outlook"
MAILS = frozenset({EML, MBOX, MSG})
TEXT, HTML, XML = "text/plain", "text/html", "text/xml"
TEXTS = frozenset({TEXT, HTML, XML})
ZIP = "application/zip"

MP4_SOUND, MP4, QUICKTIME, THREE_GP = "audio/mp4", "video/mp4", "video/quicktime", "video/3gpp"
MP3, AAC, AMR, WAV, OGG, SILK = "audio/mpeg", "audio/aac", "audio/amr", "audio/wav", "audio/ogg", "audio/silk"
FLAC, AIFF, CAF, ASF, AVI, EBML, FLV, MPEG = (
    "audio/flac",
    "audio/aiff",
    "audio/x-caf",
    "video/x-ms-asf",
    "video/x-msvideo",
    "video/webm",
    "video/x-flv",
    "video/mpeg",
)
BOXED = frozenset({MP4_SOUND, MP4, QUICKTIME, THREE_GP})
RECORDINGS = BOXED | {MP3, AAC, AMR, WAV, OGG, SILK, FLAC, AIFF, CAF, ASF, AVI, EBML, FLV, MPEG}

PROGRAM, DRAWING, PACKED, PRINTER = (
    "application/x-program",
    "image/svg+xml",
    "application/x-packed",
    "application/postscript",
)
REFUSED = frozenset({PROGRAM, DRAWING, PACKED, PRINTER})
TAKEN = PICTURES | {PDF} | OFFICE | MAILS | TEXTS | {ZIP} | RECORDINGS

HEAD_BYTES = 256 * 1024

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0\x08\0", TIFF),
    (b"MM\0+\0\x08", TIFF),
    (b"{\\rtf", RTF),
    (b"ID3", MP3),
    (b"#!AMR", AMR),
    (b"#!SILK_V3", SILK),
    (b"\x02#!SILK_V3", SILK),
    (b"OggS", OGG),
    (b"fLaC", FLAC),
    (b"caff\0\x01", CAF),
    (b"\x1aE\xdf\xa3", EBML),
    (b"0&\xb2u\x8ef\xcf\x11", ASF),
    (b"FLV\x01", FLV),
    (b"\0\0\x01\xba", MPEG),
    (b"\0\0\x01\xb3", MPEG),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"Rar!\x1a\x07", PACKED),
    (b"\x1f\x8b\x08", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ\0", PACKED),
    (b"\x28\xb5\x2f\xfd", PACKED),
    (b"MSCF\0\0\0\0", PACKED),
    (b"!<arch>\n", PACKED),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"dex\n03", PROGRAM),
    (b"\0asm\x01", PROGRAM),
    (b"ITSF\x03", PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", PROGRAM),
    (b"#!", PROGRAM),
    (b"<?php", PROGRAM),
    (b"%!PS", PRINTER),
    (b"\xc5\xd0\xd3\xc6", PRINTER),
)
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_BITMAP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_MAIL_HEADER = re.compile(
    rb"(from|received|return-path|date|message-id|subject|mime-version|to|delivered-to|content-type|reply-to|sender"
    rb"|dkim-signature|content-transfer-encoding|cc|thread-topic|x-[a-z0-9-]+|arc-[a-z-]+):",
    re.IGNORECASE,
)
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<!--.*?-->|<\?xml[^>]*>)*", re.DOTALL)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|title|meta|script|iframe|table|div|p|a|img)\b", re.IGNORECASE)


def kind_of(content: bytes, *, tail: bytes = b"") -> str:
    """The media type of what `content` is; empty for what nobody sends. A member of `REFUSED` is known and not taken.

    Of something large the first `HEAD_BYTES` are enough, with the last as many in `tail`.
    """
    for start, kind in _STARTS:
        if content.startswith(start):
            return _of_ogg(content) if kind == OGG else kind
    if content[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}.get(content[8:12], "")
    if content[:4] == b"FORM" and content[8:12] in (b"AIFF", b"AIFC"):
        return AIFF
    if content[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or (content[4:8] == b"free" and b"moov" in content):
        return _of_boxes(content)
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return marks.zip_kind(content + tail)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return marks.ole_kind(content + tail)
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BITMAP_HEADERS:
        return BMP
    if content[257:262] == b"ustar":
        return PACKED
    if b"%PDF-" in content[:1024]:
        return PDF
    return _of_sync(content) or _of_words(content) or _of_broadcast(content)


def _of_ogg(content: bytes) -> str:
    return "video/ogg" if b"theora" in content[:4096] else OGG


def _of_boxes(content: bytes) -> str:
    """Telephones record sound and video in the same container: the handler of its tracks tells them apart."""
    brand = content[8:12] if content[4:8] == b"ftyp" else b"qt  "
    if brand in _PICTURE_BRANDS:
        return HEIC
    if brand in (b"avif", b"avis"):
        return AVIF
    if brand in _SOUND_BRANDS:
        return MP4_SOUND
    tracks = {content[at + 12 : at + 16] for at in _places(content, b"hdlr")}
    if b"soun" in tracks and b"vide" not in tracks:
        return MP4_SOUND
    if brand.startswith(b"3g"):
        return THREE_GP
    return QUICKTIME if brand == b"qt  " else MP4


def _places(content: bytes, word: bytes) -> list[int]:
    found: list[int] = []
    at = content.find(word)
    while at >= 0 and len(found) < 50:
        found.append(at)
        at = content.find(word, at + 4)
    return found


def _of_words(content: bytes) -> str:
    """E-mail, web page, drawing or plain text; empty when there are bytes that no text has."""
    head = content[: 64 * 1024]
    if not marks.encoding_of(head):
        return ""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    if re.match(rb"From \S+.{5,60}\d{4}\r?\n", head):
        return MBOX
    lines = head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 30)
    named = {match[1].lower() for line in lines[:30] if (match := _MAIL_HEADER.match(line))}
    if _MAIL_HEADER.match(lines[0]) and len(named) >= 3:
        return EML
    opening = _LEADING.match(head)
    body = head[opening.end() if opening else 0 :][:4096]
    if re.search(rb"<(!doctype\s+)?svg\b", body[:2048], re.IGNORECASE):
        return DRAWING
    if _HTML.match(body):
        return HTML
    return XML if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") else TEXT


def _of_sync(content: bytes) -> str:
    """Raw AAC and MP3 begin with a sync word; the layer bits say which. The mark of UTF-16 looks much the same."""
    if len(content) < 2 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0 or content[1] & 0x18 == 0x08:
        return ""
    if content[1] & 0xF6 == 0xF0:
        return AAC
    return MP3 if content[1] & 0x06 and content[1] != 0xFE else ""


def _of_broadcast(content: bytes) -> str:
    """Recordings of television repeat their first byte every 188."""
    return MPEG if len(content) > 376 and {content[0], content[188], content[376]} == {0x47} else ""
