"""How the ledger checks that custody still says what was sealed, over a paper that still has the hash it had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from cases.evidence.models import Custody
from jike import ledger


def digests_of_custody(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    return {row.pk: row.digest() for row in Custody.objects.filter(pk__in=ids).select_related("attachment__file")}


def custody_of_papers(papers: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    return Custody.objects.filter(attachment_id__in=papers).values_list("pk", "attachment_id").iterator()


def papers_in_custody() -> Iterator[UUID]:
    return Custody.objects.filter(seq=1).values_list("attachment_id", flat=True).iterator()


ledger.register_source(Custody.LEDGER_SOURCE, digests_of_custody, rows_of=custody_of_papers, subjects=papers_in_custody)
