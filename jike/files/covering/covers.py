"""The copy in which nothing is left under what was covered, and the check that it is so."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from jike.files.covering import library, looks

DOTS, QUALITY = 200, 85
CHECK_DOTS, DARK, MOST_BRIGHT = 72, 60, 0.02
NAMED = {"Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "cs": "/ColorSpace", "CS": "/ColorSpace", "sh": "/Shading", "scn": "/Pattern", "SCN": "/Pattern", "BDC": "/Properties", "DP": "/Properties"}  # fmt: skip
DEEPEST = 8

Area = Sequence[Any]


def covered(content: bytes, areas: Iterable[Area]) -> bytes:
    """The copy as PDF. A page with areas becomes a picture with the areas black; the others keep their words and lose whatever
    they carry but do not show, which may be of a page that was covered. The same areas give the same bytes."""
    import pikepdf  # noqa: PLC0415 - loaded after the limits are set

    by_page = _by_page(areas)
    shown = library.opened(content)
    with pikepdf.open(io.BytesIO(content)) as found, pikepdf.new() as copy:
        if not by_page or max(by_page) > len(found.pages):
            raise ValueError("areas without a page")
        for number, page in enumerate(found.pages, start=1):
            if number not in by_page and _is_pruned(page):
                copy.pages.append(page)
            else:
                copy.pages.append(_sheet(copy, shown[number - 1], by_page[number]))
        out = io.BytesIO()
        copy.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def _by_page(areas: Iterable[Area]) -> dict[int, list[Area]]:
    by_page: dict[int, list[Area]] = defaultdict(list)
    for page, *area in areas:
        by_page[int(page)].append(area)
    return by_page


def _sheet(copy: Any, page: Any, areas: list[Area]) -> Any:
    """A page of one picture; what is painted over was never in it."""
    import pikepdf  # noqa: PLC0415
    from PIL import ImageDraw  # noqa: PLC0415

    width, height = page.get_size()
    picture = library.drawn(page, DOTS)
    brush = ImageDraw.Draw(picture)
    for x, y, w, h in areas:
        left, top = math.floor(x * picture.width), math.floor(y * picture.height)
        right, bottom = math.ceil((x + w) * picture.width), math.ceil((y + h) * picture.height)
        brush.rectangle((left, top, right, bottom), fill="black")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    image = pikepdf.Stream(
        copy,
        out.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    sheet = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(width, 3), round(height, 3)],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=image)),
        Contents=pikepdf.Stream(copy, f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Picture Do Q".encode()),
    )
    return pikepdf.Page(sheet)


def _is_pruned(page: Any) -> bool:
    """Leave a page only the fonts and pictures it shows; no where that cannot be told, and the page is drawn instead.

    Scanners and offices give every page the pictures of all.
    """
    import pikepdf  # noqa: PLC0415

    try:
        shared = page.resources
        named = _named(page, shared, DEEPEST)
        kept = pikepdf.Dictionary()
        for group, names in named.items():
            if group in shared:
                some = {name: shared[group][name] for name in names if name in shared[group]}
                kept[group] = pikepdf.Dictionary(some)
        page.obj["/Resources"] = kept
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _named(drawing: Any, resources: Any, depth: int) -> dict[str, set[str]]:
    """The names in `resources` that a page or form uses, with those that its forms take from there for want of their own."""
    import pikepdf  # noqa: PLC0415

    if depth == 0:
        raise ValueError("forms in forms in forms")
    named: dict[str, set[str]] = defaultdict(set)
    for order in pikepdf.parse_content_stream(drawing):
        group = NAMED.get(str(order.operator))
        for operand in order.operands if group else ():
            if isinstance(operand, pikepdf.Name):
                named[str(group)].add(str(operand))
    forms = resources.get("/XObject", {})
    for name in list(named["/XObject"]):
        form = forms.get(name)
        if form is not None and form.get("/Subtype") == "/Form":
            _prune_form(form, named, resources, depth)
    if named["/Pattern"]:
        raise ValueError("patterns draw with what cannot be told")
    return named


def _prune_form(form: Any, named: dict[str, set[str]], resources: Any, depth: int) -> None:
    import pikepdf  # noqa: PLC0415

    own = form.get("/Resources")
    inner = _named(form, own if own is not None else resources, depth - 1)
    if own is None:
        for group, names in inner.items():
            named[group] |= names
        return
    kept = pikepdf.Dictionary()
    for group, names in inner.items():
        if group in own:
            kept[group] = pikepdf.Dictionary({name: own[group][name] for name in names if name in own[group]})
    form["/Resources"] = kept


def trouble_of(content: bytes, areas: Iterable[Area]) -> str:
    """What a copy still gives away, empty for nothing: words (any on a page that was covered), visible (a covered area that is not
    black), pages (fewer than there should be)."""
    document = library.opened(content)
    for number, some in _by_page(areas).items():
        if number > len(document):
            return "pages"
        page = document[number - 1]
        text, _boxes = looks.words_of(page)
        if text.strip():
            return "words"
        picture = library.drawn(page, CHECK_DOTS).convert("L")
        if not all(_is_black(picture, area) for area in some):
            return "visible"
    return ""


def _is_black(picture: Any, area: Area) -> bool:
    """Whether an area is black but for its edge, where a smaller picture mixes it with what is around."""
    x, y, width, height = area
    left, top = math.ceil(x * picture.width) + 1, math.ceil(y * picture.height) + 1
    right, bottom = math.floor((x + width) * picture.width) - 1, math.floor((y + height) * picture.height) - 1
    if right <= left or bottom <= top:
        return True
    counts = picture.crop((left, top, right, bottom)).histogram()
    return bool(sum(counts[DARK:]) <= MOST_BRIGHT * sum(counts))
