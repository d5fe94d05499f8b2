"""Adding a revision to a PDF without changing what the document says about itself."""

from __future__ import annotations

from typing import BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from jike.signatures.errors import CannotBeSigned


class Revision(IncrementalPdfFileWriter):
    """Leaves author, dates and XMP alone: they must go on agreeing with each other (PDF/A), and a signature is no edit."""

    def _update_meta(self) -> None:
        return


def new_revision(document: BinaryIO, *, identifier: bytes) -> Revision:
    """A revision to be appended to `document`, with an identifier that is given instead of drawn by chance."""
    revision = Revision(document, strict=False, decode_limits=DecodeLimits.for_trusted_input())
    if revision.prev.encrypted or revision.prev.xrefs.hybrid_xrefs_present:
        raise CannotBeSigned("pdf.not_plain")
    given = generic.ByteStringObject(identifier)
    first = revision._document_id[0] if "/ID" in revision.prev.trailer else given
    revision._document_id = generic.ArrayObject([first, given])
    return revision
