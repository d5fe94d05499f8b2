"""The pages of a PDF alone: words, pictures and what forms and stamps show stay; what acts, fetches, hides or tells of its author goes."""

from __future__ import annotations

import io
from typing import Any

DROPPED = (
    "/Annots",
    "/AA",
    "/Metadata",
    "/PieceInfo",
    "/AF",
    "/B",
    "/StructParents",
    "/Tabs",
    "/Trans",
    "/Dur",
    "/Thumb",
)
MOST_PAGES = 500


class NoPages(Exception):
    """Nothing in it can be shown as a page."""


def pages(content: bytes) -> tuple[bytes, int]:
    """Its pages as a new document, and how many. The same PDF gives the same bytes. Raises `NoPages`."""
    import pikepdf  # noqa: PLC0415 - loaded after the limits are set

    with pikepdf.open(io.BytesIO(content)) as found, pikepdf.new() as kept:
        if not 0 < len(found.pages) <= MOST_PAGES:
            raise NoPages
        _flatten(found)
        for page in found.pages:
            for name in DROPPED:
                if name in page:
                    del page[name]
            _close_what_is_open(page)
        kept.pages.extend(found.pages)
        out = io.BytesIO()
        # Streams stay as they are: taking one apart could cost gigabytes.
        kept.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue(), len(kept.pages)


def _flatten(found: Any) -> None:
    """Fields and stamps become part of the page; a form that is broken leaves the page as it is without it."""
    import pikepdf  # noqa: PLC0415

    try:
        found.flatten_annotations("print")
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return


def _close_what_is_open(page: Any) -> None:
    """Saved states of the pen are given back, so that what is printed on the page later stands where it should."""
    import pikepdf  # noqa: PLC0415

    depth = lowest = 0
    try:
        for order in pikepdf.parse_content_stream(page, "q Q"):
            depth += 1 if str(order.operator) == "q" else -1
            lowest = min(lowest, depth)
    except (pikepdf.PdfError, pikepdf.PdfParsingError, RuntimeError):
        return
    if lowest < 0:
        page.contents_add(b"q " * -lowest, prepend=True)
    if depth > lowest:
        page.contents_add(b" Q" * (depth - lowest))
