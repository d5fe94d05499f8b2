"""What a file is, told by its content."""

from __future__ import annotations

import pytest

from jike.files import kinds
from jike.files.kinds import kind_of
from jike.files.pictures import safe_view
from tests.attachments.samples import CAMERA, PDF, SOUND, VIDEO, photo, zipped


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo(), "image/jpeg"),
        (photo("PNG"), "image/png"),
        (photo("WEBP"), "image/webp"),
        (photo("HEIF"), "image/heic"),
        (PDF, "application/pdf"),
        (b"\xef\xbb\xbf" + PDF, "application/pdf"),
        (SOUND, "audio/mp4"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"OggS\x00", "audio/ogg"),
        (VIDEO, "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
        (b"\0\0\0\x14ftyp3gp4\0\0\0\0", "video/3gpp"),
        (b"\0\0\0\x08moov", "video/quicktime"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"\x02#!SILK_V3\x05\0", "audio/silk"),
        (b"GIF89a", "image/gif"),
        (b"MM\0*", "image/tiff"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp"),
        (b"{\\rtf1", "application/rtf"),
        ("你好，退款到了吗\n".encode(), "text/plain"),
        ("你好，退款到了吗\n".encode("gb18030"), "text/plain"),
        ("你好".encode("utf-16"), "text/plain"),
        (b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\n\r\nhello", "message/rfc822"),
        (b"From a@b.cn Mon Sep 28 10:00:00 2026\nFrom: a@b.cn\n\n", "application/mbox"),
        (b"<!doctype html><script>alert(1)</script>", "text/html"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"MZ\x90\x00", "application/x-program"),
        (b"#!/bin/sh\n", "application/x-program"),
        (b"Rar!\x1a\x07\x01\0", "application/x-packed"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-packed"),
        (b"%!PS-Adobe", "application/postscript"),
        (zipped("a.txt"), "application/zip"),
        (zipped("[Content_Types].xml", "word/document.xml"), kinds.DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), kinds.XLSX),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), kinds.PPTX),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (zipped("AndroidManifest.xml", "classes.dex"), "application/x-program"),
        (b"\xff", ""),
        (bytes(range(256)) * 4, ""),
        (b"", ""),
    ],
)
def test_content_tells_the_kind(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_drawn_picture_carries_nothing_of_the_camera(kind: str) -> None:
    import io

    from PIL import Image

    original = photo(kind)
    assert CAMERA.encode() in original

    drawn = safe_view(original, side=300)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert (picture.format, max(picture.size), len(picture.getexif())) == ("JPEG", 300, 0)
        assert picture.size[0] < picture.size[1]  # it was turned upright
    assert CAMERA.encode() not in drawn


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, PDF, b""])
def test_what_cannot_be_drawn_gives_nothing(content: bytes) -> None:
    assert safe_view(content, side=300) == b""


def test_a_bomb_is_not_drawn() -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    assert safe_view(out.getvalue(), side=300) == b""
