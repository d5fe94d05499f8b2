"""A bundle as a file that somebody takes away."""

from __future__ import annotations

from cases.models import Case
from jike.files import store
from jike.files.models import StoredFile
from jike.privacy import open_sealed
from jike.web.downloads import SensitiveStream


def taken(case: Case, file: StoredFile, *, purpose: str) -> SensitiveStream:
    """The file piece by piece, whatever its size; `purpose` says in the log who took it and why."""
    name = open_sealed(file, "display_name")
    return SensitiveStream(
        store.stream(file), size=file.size, media_type=file.media_type, name=name, subject=case.pk, purpose=purpose
    )
