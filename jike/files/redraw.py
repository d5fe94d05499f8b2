"""Draw one picture anew, without its metadata. Run as a program of its own: `redraw.py SIDE < picture > JPEG`.

It limits itself before it reads a byte. Whatever goes wrong inside, the process that called it goes on.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
MOST_PIXELS = 60_000_000
MOST_PIXELS_OF_A_JPEG = 220_000_000  # telephones of 200 megapixels; a JPEG is decoded small
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP", "DIB")
QUALITY = 82


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def redrawn(content: bytes, side: int) -> bytes:
    """The picture upright, at most `side` pixels long, as a JPEG that carries nothing but the picture."""
    # Loaded after the limits are set.
    from PIL import AvifImagePlugin, Image, ImageFile, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401, PLC0415
    from pillow_heif import register_heif_opener  # noqa: PLC0415

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_A_JPEG
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # half a photo is still one
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if picture.format not in {"JPEG", "MPO"} and picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((side, side))
        flat = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        flat.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(redrawn(sys.stdin.buffer.read(), int(sys.argv[1])))
