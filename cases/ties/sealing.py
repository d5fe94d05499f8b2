"""How the ledger checks that what was said of clusters still says what was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from cases.ties.models import Judgement
from jike import ledger


def digests_of_judgements(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    return {said.pk: said.digest() for said in Judgement.objects.filter(pk__in=ids)}


def judgements_of(clusters: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    return Judgement.objects.filter(cluster_id__in=clusters).values_list("pk", "cluster_id").iterator()


def judged_clusters() -> Iterator[UUID]:
    return Judgement.objects.filter(seq=1).values_list("cluster_id", flat=True).iterator()


ledger.register_source(Judgement.LEDGER_SOURCE, digests_of_judgements, rows_of=judgements_of, subjects=judged_clusters)
