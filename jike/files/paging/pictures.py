"""Pictures on sheets of A4: upright, every frame of a scan, a long screenshot cut into sheets one can read."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from jike.files.redraw import FORMATS, MOST_PIXELS, MOST_PIXELS_OF_A_JPEG

QUALITY = 85
SIDE = 3_600
"""Pixels of the longer side: a sheet of A4 at 300 dots an inch."""
MOST_SHEETS = 500
NARROW, STRIP_WIDTH, STRIP_RATIO, OVERLAP = 2.6, 1_440, 1.32, 48
"""A picture `NARROW` times as long as wide is cut into strips, `STRIP_RATIO` times as long as wide, that overlap by some pixels."""

A4 = (595.276, 841.89)
SIDES, HEAD, FOOT = 28.0, 34.0, 48.0
"""Points left free around a picture; a bundle prints its number at the foot."""


def pages(content: bytes) -> tuple[bytes, int]:
    """The picture as PDF, and how many pages it has. The same picture gives the same bytes."""
    import pikepdf  # noqa: PLC0415 - loaded after the limits are set

    document = pikepdf.new()
    for drawn in _drawn(content):
        _add_sheet(document, drawn)
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue(), len(document.pages)


def _drawn(content: bytes) -> Iterator[Any]:
    from PIL import AvifImagePlugin, Image, ImageFile, TiffImagePlugin, WebPImagePlugin  # noqa: F401, PLC0415
    from pillow_heif import register_heif_opener  # noqa: PLC0415

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_A_JPEG
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # half a photo is still one
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        # A scan has pages; the frames of an animation or of a burst are one picture.
        frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        count = 0
        for number in range(min(frames, MOST_SHEETS)):
            if frames > 1:
                picture.seek(number)
            if picture.format not in {"JPEG", "MPO"} and picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            for strip in _strips(_upright(picture)):
                count += 1
                if count > MOST_SHEETS:
                    return
                yield strip


def _upright(picture: Any) -> Any:
    from PIL import Image, ImageOps  # noqa: PLC0415

    is_long = max(picture.size) > NARROW * min(picture.size)
    if not is_long:
        picture.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(picture) or picture
    if is_long:
        upright.thumbnail((STRIP_WIDTH, upright.height) if upright.height > upright.width else (SIDE, SIDE))
    else:
        upright.thumbnail((SIDE, SIDE))
    if upright.mode in {"1", "L", "I;16", "I", "F"}:
        return upright.convert("L")
    flat = Image.new("RGB", upright.size, "white")
    seen = upright.convert("RGBA")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def _strips(picture: Any) -> Iterator[Any]:
    width, height = picture.size
    if height <= NARROW * width:
        yield picture
        return
    length, top = int(width * STRIP_RATIO), 0
    while True:
        bottom = min(top + length, height)
        yield picture.crop((0, top, width, bottom))
        if bottom == height:
            return
        top = bottom - OVERLAP


def _add_sheet(document: Any, picture: Any) -> None:
    import pikepdf  # noqa: PLC0415

    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    width, height = A4 if picture.height >= picture.width else A4[::-1]
    room = (width - 2 * SIDES, height - HEAD - FOOT)
    scale = min(room[0] / picture.width, room[1] / picture.height, 1.0)
    drawn = (picture.width * scale, picture.height * scale)
    left, low = (width - drawn[0]) / 2, FOOT + (room[1] - drawn[1]) / 2
    image = pikepdf.Stream(
        document,
        out.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    order = f"q {drawn[0]:.3f} 0 0 {drawn[1]:.3f} {left:.3f} {low:.3f} cm /Picture Do Q"
    sheet = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, width, height],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=image)),
        Contents=pikepdf.Stream(document, order.encode()),
    )
    document.pages.append(pikepdf.Page(sheet))
