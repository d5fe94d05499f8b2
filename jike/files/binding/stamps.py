"""What is printed on every page of a bundle: upright and inside, however the page is turned and whatever its size."""

from __future__ import annotations

from typing import Any

SIZE, MARGIN = 9.0, 17.0
"""Points, on a sheet as wide as A4; larger and smaller sheets in proportion."""
WIDTH_OF_A4 = 595.276
SMALLEST, LARGEST = 0.35, 8.0
NAME = "/JikeStamp"


class Face:
    """A font of few characters, embedded once: `codes` gives for each its number in the font and its width in thousandths."""

    def __init__(self, document: Any, program: bytes, codes: dict[str, list[int]]) -> None:
        import pikepdf  # noqa: PLC0415 - loaded after the limits are set

        self._codes = codes
        name = pikepdf.Name("/JIKEST+NotoSansSC-Stamp")
        file = pikepdf.Stream(document, program, Subtype=pikepdf.Name.CIDFontType0C)
        described = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.FontDescriptor, FontName=name, Flags=4, FontBBox=[-100, -200, 1100, 1000], ItalicAngle=0,
                Ascent=880, Descent=-120, CapHeight=733, StemV=80, FontFile3=document.make_indirect(file),
            )
        )  # fmt: skip
        widths: list[Any] = []
        for code, width in sorted({tuple(pair) for pair in codes.values()}):
            widths += [code, [width]]
        inner = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType0, BaseFont=name, DW=1000, W=widths, FontDescriptor=described,
            CIDSystemInfo=pikepdf.Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        )  # fmt: skip
        self.font = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=name, Encoding=pikepdf.Name("/Identity-H"),
                DescendantFonts=[document.make_indirect(inner)],
                ToUnicode=document.make_indirect(pikepdf.Stream(document, _to_unicode(codes))),
            )
        )  # fmt: skip

    def line(self, text: str) -> tuple[str, float]:
        """The text as a string of the font, and its width at one point."""
        found = [self._codes[char] for char in text if char in self._codes]
        return "".join(f"{code:04X}" for code, _width in found), sum(width for _code, width in found) / 1000


def _to_unicode(codes: dict[str, list[int]]) -> bytes:
    pairs = [(code, char) for char, (code, _width) in codes.items()]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    lines = ["/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /JikeStamp def /CMapType 2 def"]
    lines += ["1 begincodespacerange <0000> <FFFF> endcodespacerange"]
    for block in blocks:
        rows = " ".join(f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in block)
        lines.append(f"{len(block)} beginbfchar {rows} endbfchar")
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"]).encode()


def stamp(document: Any, page: Any, face: Face, left: str, right: str) -> None:
    """Print one text at the left and one at the right of the foot of a page, with a white rim that keeps it legible on a photo."""
    import pikepdf  # noqa: PLC0415

    matrix, width, _height = upright(page)
    scale = min(max(width / WIDTH_OF_A4, SMALLEST), LARGEST)
    order = [f"Q\nq {' '.join(_number(part) for part in matrix)} cm"]
    size, margin = SIZE * scale, MARGIN * scale
    for text, is_right in ((left, False), (right, True)):
        if text:
            codes, length = face.line(text)
            fits = min(size, (width - 2 * margin) * 0.48 / length) if length else size
            at = width - margin - length * fits if is_right else margin
            order.append(_text(codes, at, margin, fits, scale))
    order.append("Q")
    page.add_resource(face.font, pikepdf.Name.Font, pikepdf.Name(NAME))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add("\n".join(order).encode())


def _text(codes: str, x: float, y: float, size: float, scale: float) -> str:
    place = f"{NAME} {_number(size)} Tf 1 0 0 1 {_number(x)} {_number(y)} Tm <{codes}> Tj"
    rim = f"BT 1 Tr 1 G 1 J 1 j {_number(2.4 * scale)} w {place} ET"
    return f"{rim} BT 0 Tr 0 g {place} ET"


def upright(page: Any) -> tuple[tuple[float, ...], float, float]:
    """The matrix that puts a drawing upright into the visible corner of a page, and the page's width and height as people see it."""
    left, low, right, high = visible(page)
    width, height = right - left, high - low
    turn = int(page.obj.get("/Rotate", 0) or 0) % 360
    if turn == 90:
        return (0, 1, -1, 0, right, low), height, width
    if turn == 180:
        return (-1, 0, 0, -1, right, high), width, height
    if turn == 270:
        return (0, -1, 1, 0, left, high), height, width
    return (1, 0, 0, 1, left, low), width, height


def visible(page: Any) -> tuple[float, float, float, float]:
    """The box people see: the crop box where it lies in the sheet, else the sheet."""
    sheet, cut = _box(page.mediabox), _box(page.cropbox)
    inner = (max(sheet[0], cut[0]), max(sheet[1], cut[1]), min(sheet[2], cut[2]), min(sheet[3], cut[3]))
    return inner if inner[2] - inner[0] > 1 and inner[3] - inner[1] > 1 else sheet


def _box(found: Any) -> tuple[float, float, float, float]:
    x, y = sorted((float(found[0]), float(found[2]))), sorted((float(found[1]), float(found[3])))
    return x[0], y[0], x[1], y[1]


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
