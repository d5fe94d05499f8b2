"""Making the finished copy of what a person said is covered."""

from __future__ import annotations

from datetime import datetime

from cases.copies.models import CoveredCopy, Covering
from jike.files import store
from jike.files.covers import area_of, covered
from jike.files.kinds import PDF


def make_copy(covering: Covering, *, now: datetime) -> CoveredCopy:
    """The copy of one covering, made now unless it is there, and kept only after it was read as a stranger would and gave nothing away.

    Stands outside any transaction. Raises `NotCovered`, then nothing is kept; `FileDamaged` where the pages are not what was stored.
    """
    found = CoveredCopy.objects.filter(pk=covering.pk).select_related("file").first()
    if found is not None:
        return found
    assert covering.pages.file is not None
    content = covered(store.read(covering.pages.file), [area_of(row) for row in covering.areas])
    file = store.put(covering.case_id, content, media_type=PDF, display_name="copy.pdf", now=now)
    row = CoveredCopy(covering=covering, file=file, count=covering.pages.count, made_at=now)
    CoveredCopy.objects.bulk_create([row], ignore_conflicts=True)
    return CoveredCopy.objects.select_related("file").get(pk=covering.pk)
