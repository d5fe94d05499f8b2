"""Drawing pages for the workbench, and giving out single pictures of them."""

from __future__ import annotations

from datetime import datetime

from cases.copies.models import Pages, Preview
from jike.files import store
from jike.files.covers import look_at

PREVIEW_TOPIC = "copies.make_preview"


def draw(pages: Pages, *, now: datetime) -> Preview:
    """Draw every page and look for what should perhaps be covered, unless that was done. Stands outside any transaction."""
    found = preview_of(pages)
    if found is not None:
        return found
    assert pages.file is not None
    look = look_at(store.read(pages.file))
    row = Preview(pages=pages, made_at=now)
    if look is not None:
        scope = pages.attachment.subject
        row.file = store.put(scope, look.images, media_type="image/jpeg", display_name="preview.bin", now=now)
        row.ends, row.wordless = list(look.ends), list(look.wordless)
        row.found = [list(area) for area in look.found]
    Preview.objects.bulk_create([row], ignore_conflicts=True)
    kept = preview_of(pages)
    assert kept is not None
    return kept


def preview_of(pages: Pages) -> Preview | None:
    return Preview.objects.filter(pk=pages.pk).select_related("file").first()


def picture(preview: Preview, number: int) -> bytes:
    """The JPEG of a page, counted from 1; 0 is the small one of page one. Only that part of the file is read. Raises IndexError."""
    if preview.file is None or not 0 <= number < len(preview.ends):
        raise IndexError(number)
    start = preview.ends[number - 1] if number else 0
    return store.read_range(preview.file, start, preview.ends[number] - start)
