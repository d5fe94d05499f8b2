"""Files as telephones send them."""

from __future__ import annotations

import io
import zipfile

import pillow_heif
from PIL import Image
from PIL.ExifTags import IFD, Base

CAMERA = "Kanarie Camera 7"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00" + b"\x00" * 20 + b"hdlr" + b"\x00" * 8 + b"vide" + b"\x00" * 20
SOUND = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + b"\x00" * 20 + b"hdlr" + b"\x00" * 8 + b"soun" + b"\x00" * 20


def photo(kind: str = "JPEG", *, colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo with camera, place and a turn to the right written into it."""
    picture = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[Base.Model], exif[Base.Orientation] = CAMERA, 6
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(out, exif=exif.tobytes())
    else:
        picture.save(out, kind, exif=exif)
    return out.getvalue()


def zipped(*names: str, content: bytes = b"", **named: bytes) -> bytes:
    """A ZIP with these entries, each holding `content`; `named` are entries with content of their own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
        for name, own in named.items():
            archive.writestr(name, own)
    return out.getvalue()
