"""Files about people: never without saying whose data leaves and for which purpose."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

logger = logging.getLogger(__name__)


class SensitiveDownload(HttpResponse):
    """A file as an attachment that no browser runs or keeps.

    `subject` is the case or person it is about and `purpose` why it leaves; both go to the log, the content does not.
    """

    def __init__(self, content: bytes, *, media_type: str, name: str, subject: UUID, purpose: str) -> None:
        super().__init__(content, content_type=media_type)
        _guard(self, name, subject, purpose)


class SensitiveStream(StreamingHttpResponse):
    """The same of a file too large for memory: its pieces as they are read. One that breaks off is shorter than it said."""

    def __init__(
        self, pieces: Iterable[bytes], *, size: int, media_type: str, name: str, subject: UUID, purpose: str
    ) -> None:
        super().__init__(pieces, content_type=media_type)
        self.headers["Content-Length"] = str(size)
        _guard(self, name, subject, purpose)


def _guard(response: HttpResponseBase, name: str, subject: UUID, purpose: str) -> None:
    response.headers["Content-Disposition"] = content_disposition_header(True, safe_name(name))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    logger.info("download %s %s", subject, purpose.replace(" ", "_"))


def safe_name(name: str) -> str:
    """A file name that hides nothing: composed, without control or direction characters and separators, at most 120 long."""
    kept = (
        c
        for c in unicodedata.normalize("NFC", name)
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} and c not in '/\\:"'
    )
    return "".join(kept).strip(". ")[:120] or "file"


def plain_cell(text: str) -> str:
    """A cell of a table that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
