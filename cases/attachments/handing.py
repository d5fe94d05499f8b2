"""Files as a form brings them: which field each came by, and which were not taken and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import MultiValueDict

from cases.attachments.models import Attachment
from jike.base.errors import Refused, Text
from jike.files import clean_display_name
from jike.files.receiving import Received


@dataclass(frozen=True, slots=True)
class RefusedPaper:
    """A file that was not taken: its name and every reason."""

    name: str
    reasons: list[Text]


def uploads_in(files: MultiValueDict[str, Any]) -> Iterator[tuple[str, Received]]:
    """(camera or file, upload): the field that was used says how the picture came about."""
    for field in (Attachment.Capture.CAMERA.value, Attachment.Capture.FILE.value):
        for upload in files.getlist(field):
            yield field, upload


def refused_paper(upload: Received, no: Refused) -> RefusedPaper:
    return RefusedPaper(clean_display_name(upload.given_name), [blocker.message for blocker in no.blockers])
