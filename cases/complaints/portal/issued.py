"""The letters of complaints, as the verification page finds them."""

from __future__ import annotations

from cases.models import Document
from jike.web import verify
from jike.web.verify.issued import Issued, masked


class Letters:
    """Finds issued documents by their code or their exact bytes, never by a case number."""

    def by_code(self, code: str) -> Issued | None:
        return _issued(Document.objects.filter(code=code).select_related("case", "file").first())

    def by_hash(self, digest: bytes) -> Issued | None:
        return _issued(Document.objects.filter(file__sha256=digest).select_related("case", "file").first())


def _issued(document: Document | None) -> Issued | None:
    if document is None:
        return None
    return Issued(
        document.get_kind_display(),
        document.created_at,
        bytes(document.file.sha256).hex(),
        masked(document.case.number),
    )


verify.register(Letters())
