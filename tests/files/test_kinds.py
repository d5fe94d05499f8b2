"""What a file is, told by its content."""

from __future__ import annotations

import pytest

from jike.files.kinds import kind_of
from jike.files.pictures import safe_view
from tests.attachments.samples import CAMERA, PDF, SOUND, VIDEO, photo


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
        (VIDEO, ""),
        (b"<!doctype html><script>alert(1)</script>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"MZ\x90\x00", ""),
        (b"PK\x03\x04", ""),
        (b"\xff", ""),
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
