"""The letters of complaints, as the verification page finds them."""

from __future__ import annotations

from cases.models import Document, Event
from jike.ledger.models import Entry
from jike.ledger.proofs import Place, place_of
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
        _sealed(document),
    )


def _sealed(document: Document) -> Place | None:
    """Where the act that issued the document, with its hash, stands in the ledger."""
    event = Event.objects.filter(case=document.case_id, data__document=str(document.pk)).order_by("seq").first()
    entry = event and Entry.objects.filter(source=Event.LEDGER_SOURCE, source_id=event.pk).first()
    return place_of(entry.pk) if entry else None


verify.register(Letters())
