"""Counting arrivals and cases apart. Reports give both numbers."""

from __future__ import annotations

from collections.abc import Sequence

from cases.models import Case, Source


def source_counts(cases: Sequence[Case]) -> dict[str, int]:
    """How many grievances arrived and how many cases they are: reports give both. A case without a row came once."""
    keys = [case.pk for case in cases]
    rows = list(Source.objects.filter(case_id__in=keys).values_list("case_id", flat=True))
    return {"cases": len(keys), "sources": len(rows) + len(set(keys) - set(rows))}
