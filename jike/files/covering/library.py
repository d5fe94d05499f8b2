"""PDFium, made to use our font wherever a file has none of its own, so that a page looks the same on every machine."""

from __future__ import annotations

import ctypes
import math
from typing import Any

import pypdfium2
from pypdfium2 import raw

MOST_PIXELS = 24_000_000
_WHOLE = 1_000_000
_CHINESE = 134  # GB2312_CHARSET
_kept: list[Any] = []


def load(face: bytes) -> None:
    """Hand out `face` (OpenType) for every font that is not in the file, whatever the system has. Once, before anything is drawn."""
    tables = _tables(face)
    form = raw.FPDF_SYSFONTINFO
    types = dict(form._fields_)

    def font_data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
        offset, length = tables.get(table, (0, 0)) if table else (0, len(face))
        if buffer and size >= length:
            ctypes.memmove(buffer, face[offset : offset + length], length)
        return length

    answers = {
        "Release": lambda _info: None,
        "EnumFonts": lambda _info, _mapper: None,
        "MapFont": lambda *_wanted: 1,
        "GetFont": lambda _info, _name: 1,
        "GetFontData": font_data,
        "GetFaceName": lambda *_given: 0,
        "GetFontCharset": lambda _info, _font: _CHINESE,
        "DeleteFont": lambda _info, _font: None,
    }
    info = form(version=1, **{name: types[name](answer) for name, answer in answers.items()})
    _kept.append(info)  # the library keeps the address only
    raw.FPDF_SetSystemFontInfo(ctypes.byref(info))


def _tables(face: bytes) -> dict[int, tuple[int, int]]:
    count = int.from_bytes(face[4:6], "big")
    rows = [face[12 + 16 * n : 28 + 16 * n] for n in range(count)]
    return {
        int.from_bytes(row[:4], "big"): (int.from_bytes(row[8:12], "big"), int.from_bytes(row[12:], "big"))
        for row in rows
    }


def opened(content: bytes) -> Any:
    return pypdfium2.PdfDocument(content)


def drawn(page: Any, dots: int, *, most_side: int = 10_000) -> Any:
    """A page as a picture of `dots` an inch, less where that would be too large."""
    width, height = page.get_size()
    scale = min(dots / 72, most_side / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))
    return page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")


def code_of(words: Any, index: int) -> int:
    """The number of one character in the words of a page."""
    return int(raw.FPDFText_GetUnicode(words, index))


def on_screen(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the file as fractions of the page as it is shown, turned and cut, from its upper left corner."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _WHOLE, _WHOLE, 0, x, y, across, down)
    return across.value / _WHOLE, down.value / _WHOLE
