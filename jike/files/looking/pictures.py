"""Photos, scans and screenshots: size, number of pictures, turn, whether a place is written in them, and whether they can be drawn."""

from __future__ import annotations

import importlib
import io
import warnings
from typing import Any

from jike.files import kinds
from jike.files.looking.look import Look, Refuse

MOST_PIXELS = 60_000_000
MOST_PIXELS_OF_A_JPEG = 220_000_000  # telephones of 200 megapixels; a JPEG is decoded small
MOST_SIDE = 65_000  # a chat as one long screenshot
MOST_FRAMES = 500
MOST_DECODED = 120_000_000  # pixels of all frames of one file that are tried
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP", "DIB")
_KINDS = {
    "JPEG": kinds.JPEG,
    "MPO": kinds.JPEG,
    "PNG": kinds.PNG,
    "WEBP": kinds.WEBP,
    "HEIF": kinds.HEIC,
    "AVIF": kinds.AVIF,
    "TIFF": kinds.TIFF,
    "GIF": kinds.GIF,
    "BMP": kinds.BMP,
    "DIB": kinds.BMP,
}
_ORIENTATION, _MAKE, _MODEL, _TAKEN, _GPS, _DETAILS = 0x0112, 0x010F, 0x0110, 0x9003, 0x8825, 0x8769


def look(content: bytes) -> Look:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - loaded after the limits are set
    from pillow_heif import register_heif_opener  # noqa: PLC0415

    for format_name in ("Tiff", "WebP", "Avif"):  # the others are always known
        importlib.import_module(f"PIL.{format_name}ImagePlugin")
    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_A_JPEG
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            return _looked(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refuse("picture.too_many_pixels") from None
    except UnidentifiedImageError:
        raise Refuse("picture.damaged") from None


def _looked(picture: Any) -> Look:
    found = Look(_KINDS[picture.format])
    _judge_size(picture)
    frames = 1 if picture.format in {"JPEG", "MPO", "HEIF", "AVIF"} else getattr(picture, "n_frames", 1)
    if frames > MOST_FRAMES:
        raise Refuse("picture.too_many_frames")
    found.facts |= {"width": picture.width, "height": picture.height, "frames": frames}
    found.facts["pages"] = frames if found.kind == kinds.TIFF else 1
    _add_exif(picture, found)
    _decode(picture, frames, found)
    return found


def _judge_size(picture: Any) -> None:
    width, height = picture.size
    most = MOST_PIXELS_OF_A_JPEG if picture.format in {"JPEG", "MPO"} else MOST_PIXELS
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= most):
        raise Refuse("picture.too_many_pixels")


def _add_exif(picture: Any, found: Look) -> None:
    """What a camera wrote. Broken notes of a camera are no reason against a picture."""
    try:
        notes = picture.getexif()
        turn = notes.get(_ORIENTATION)
        found.facts["orientation"] = turn if isinstance(turn, int) and 1 <= turn <= 8 else 1
        found.facts["has_place"] = bool(notes.get_ifd(_GPS))
        words = {"make": notes.get(_MAKE), "model": notes.get(_MODEL), "taken_at": notes.get_ifd(_DETAILS).get(_TAKEN)}
        found.words |= {name: word.strip("\0 ")[:100] for name, word in words.items() if isinstance(word, str)}
    except MemoryError:
        raise
    except Exception:
        found.facts |= {"orientation": found.facts.get("orientation", 1), "has_place": False, "broken_notes": True}


def _decode(picture: Any, frames: int, found: Look) -> None:
    """Every picture is drawn once, up to a limit: what cannot be drawn cannot be shown to anybody. Half a picture is still one."""
    from PIL import Image, ImageFile  # noqa: PLC0415

    done = 0
    for frame in range(frames):
        try:
            if frame:
                picture.seek(frame)
            elif picture.format in {"JPEG", "MPO"}:
                picture.draft("RGB", (1600, 1600))
            _judge_size(picture)
            done += picture.width * picture.height
            if done > MOST_DECODED:
                found.facts["is_partly_tried"] = True
                return
            picture.load()
        except (Refuse, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise
        except Exception:
            if found.facts.get("is_cut") or frame:
                raise Refuse("picture.damaged") from None
            found.facts["is_cut"] = ImageFile.LOAD_TRUNCATED_IMAGES = True
            try:
                picture.load()
            except (MemoryError, Refuse):
                raise
            except Exception:
                raise Refuse("picture.damaged") from None
